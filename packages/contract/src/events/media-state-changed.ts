import { z } from "zod";
import { mediaId } from "../ids.ts";
import { mediaState } from "../objects/media.ts";

/** To who uploaded it [M2]. May be missed, may come twice: `GET /media/{mediaId}` tells where it stands. */
export const mediaStateChanged = z.object({ mediaId, state: mediaState });
