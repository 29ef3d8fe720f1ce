import { laneOf, type MediaId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { invalid, ok, type Result } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";

/**
 * Makes a medium the picture of a person or a conversation, in the transaction that writes its id there: one that this
 * person uploaded to be a picture and that is looked into [M4]. The one before it is locked too, in the order of the ids
 * [L7]: it is let go when the id is overwritten [M6].
 */
export async function attachAvatar(
  tx: Transactor,
  owner: UserId,
  picture: MediaId,
  before: MediaId | null,
): Promise<Result<true>> {
  const ids = before === null ? [picture] : [picture, before];
  await sql`
    select from media m where (m.lane, m.id) in (select * from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]))
    order by m.id for update`.execute(tx);
  const { rows } = await sql`
    update media m set state = 'attached', changed_at = case m.state when 'attached' then m.changed_at else now() end
    where m.lane = ${laneOf(picture)} and m.id = ${picture} and m.owner_id = ${owner} and m.conversation_id is null
      and m.state in ('active', 'attached')
    returning m.id`.execute(tx);
  return rows.length > 0 ? ok(true) : invalid("avatarMediaId", "is not a picture that you uploaded for this");
}
