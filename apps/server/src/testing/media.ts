import { type Attachment, type ConversationId, laneOf, newMediaId, type UserId } from "@hubbub/contract";
import type { Database } from "../ports/database.ts";

/** As the server knows a picture that somebody uploaded for a conversation, once it was looked into. */
export async function addPicture(
  db: Database,
  ownerId: UserId,
  conversationId: ConversationId,
  { fileName = "picture.png", contentType = "image/png" }: Partial<Pick<Attachment, "fileName" | "contentType">> = {},
): Promise<Attachment> {
  const id = newMediaId(conversationId);
  const told = { size: 70, width: 2, height: 1 };
  await db
    .insertInto("media")
    .values({
      ...{ lane: laneOf(id), id, owner_id: ownerId, conversation_id: conversationId },
      ...{ file_name: fileName, content_type: contentType, state: "active", ...told },
    })
    .execute();
  return { id, fileName, contentType, ...told };
}
