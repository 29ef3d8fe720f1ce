import { z } from "zod";
import { userId } from "../ids.ts";
import { seq, timestamp } from "../text.ts";

export const role = z.enum(["member", "admin", "owner"]);
export type Role = z.infer<typeof role>;

export const member = z.object({
  userId,
  role,
  joinedAt: timestamp,
  readSeq: seq.optional(),
  deliveredSeq: seq.optional(),
});
export type Member = z.infer<typeof member>;
