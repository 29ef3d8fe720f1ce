import { laneOf, limits, newMediaId, type OperationInput, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, Refused, type Result, refusable } from "../../operations/result.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import { mayRead } from "../conversations/index.ts";
import { mayWriteIn } from "../people/index.ts";
import { avatarTypes, isFileType } from "./media-types.ts";
import { mediaView } from "./media-view.ts";

/** Milliseconds for which bytes may be put into the store. */
const UPLOAD_MS = 60 * 60_000;

type Input = OperationInput<"createMedia">;

export interface CreateMediaDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly blobs: BlobStore;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
  /** Bytes that one person may have in the store. */
  readonly quotaBytes: number;
}

export function createMediaOperation(deps: CreateMediaDeps): Operation {
  const { db, clock, blobs, quotaBytes } = deps;
  return defineOperation(operations.createMedia, {
    handle: async (input, { userId }, { serverUrl }) => {
      const { fileName, contentType, size, conversationId = null } = input;
      const allowed = await mayUpload(deps, input, userId);
      if (!allowed.ok) return allowed;
      const now = clock.now();
      const id = newMediaId(conversationId ?? userId, now);
      const row = { lane: laneOf(id), id, owner_id: userId, conversation_id: conversationId, size };
      const stored = await refusable(() =>
        db.transaction().execute(async (tx) => {
          await judgeQuota(tx, userId, size, quotaBytes);
          return tx
            .insertInto("media")
            .values({ ...row, file_name: fileName, content_type: contentType, width: null, height: null })
            .returningAll()
            .executeTakeFirstOrThrow();
        }),
      );
      if (!stored.ok) return stored;
      const until = new Date(now + UPLOAD_MS);
      const upload = await blobs.signUpload({ key: id, contentType, size }, until, serverUrl);
      return ok({ media: mediaView(stored.value, userId), upload });
    },
    rest: (body) => ({ body }),
  });
}

/** Who may send something to a conversation may upload for it; sending judges again. */
async function mayUpload(
  { db, friendsOnly }: CreateMediaDeps,
  { contentType, size, conversationId }: Input,
  userId: UserId,
): Promise<Result<true>> {
  if (conversationId !== undefined) {
    const allowed = await mayRead(db, conversationId, userId, "send");
    if (!allowed.ok) return allowed;
    const reached = await mayWriteIn(db, conversationId, userId, friendsOnly);
    if (!reached.ok) return reached;
  }
  const isAvatar = conversationId === undefined;
  if (!(isAvatar ? avatarTypes.has(contentType) : isFileType(contentType)))
    return fail("UNSUPPORTED_TYPE", `Files of the type ${contentType} are not taken here.`);
  const most = isAvatar ? limits.avatarSize : limits.mediaSize;
  return size > most ? fail("TOO_LARGE", `This may have at most ${most} bytes.`) : ok(true);
}

/**
 * Under the lock of the person's row, so that uploads side by side cannot pass the bound together. What is deleted counts
 * until the address of its upload is good no more.
 * @throws Refused QUOTA_EXCEEDED
 */
async function judgeQuota(tx: Transactor, userId: UserId, size: number, quotaBytes: number): Promise<void> {
  const locked = await tx
    .selectFrom("users")
    .select("id")
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (locked === undefined) throw new Refused({ code: "UNAUTHENTICATED" });
  const { rows } = await sql<{ bytes: number; unfinished: number }>`
    select coalesce(sum(size) filter (where is_new or state not in ('deleted', 'failed')), 0)::bigint as bytes,
           count(*) filter (where is_new and state not in ('uploaded', 'active', 'attached')) as unfinished
    from (select size, state, created_at > now() - interval '2 hours' as is_new from media where owner_id = ${userId}) m
  `.execute(tx);
  const { bytes = 0, unfinished = 0 } = rows[0] ?? {};
  if (bytes + size > quotaBytes)
    throw new Refused({ code: "QUOTA_EXCEEDED", detail: "Your files take as much room as one may have." });
  if (unfinished >= limits.unfinishedUploads)
    throw new Refused({ code: "QUOTA_EXCEEDED", detail: "You have begun too many uploads. Try again later." });
}
