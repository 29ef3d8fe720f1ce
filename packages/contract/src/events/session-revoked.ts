import { z } from "zod";
import { sessionEnd } from "../objects/session.ts";

/** The session of this connection has ended: the last that the connection hears. */
export const sessionRevoked = z.object({ reason: sessionEnd });
