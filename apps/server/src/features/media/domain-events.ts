import { mediaId } from "@hubbub/contract";
import { z } from "zod";
import { personEvent } from "../../operations/domain-event.ts";

/** The bytes are there, and are yet to be looked into [M2]. About the person who uploaded them. */
export const mediaUploaded = personEvent("MediaUploaded", z.object({ mediaId }));
