import {
  type Conversation,
  type ConversationId,
  laneOf,
  limits,
  newConversationId,
  type OperationInput,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok, Refused, type Result, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { lockPair, mayWriteTo, whoMayBeAdded } from "../people/index.ts";
import { viewConversation } from "./conversation-view.ts";
import { conversationCreated } from "./domain-events.ts";
import { invite } from "./invite-members.ts";
import { mustExist } from "./must-exist.ts";
import { publishChanges } from "./publish-changes.ts";
import { tellCreation } from "./tell-changes.ts";

export interface CreateConversationDeps {
  readonly db: Database;
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

type Input = OperationInput<"createConversation">;

interface Outcome {
  readonly conversation: Conversation;
  readonly existed: boolean;
}

export function createConversationOperation(deps: CreateConversationDeps): Operation {
  return defineOperation(operations.createConversation, {
    handle: async (input, { userId }) => {
      const wrong = judge(input);
      if (!wrong.ok) return wrong;
      const others = new Set(input.memberIds);
      others.delete(userId);
      const created =
        input.type === "direct" ? createDirect(deps, userId, input) : create(deps, userId, input, [...others]);
      const result = await created;
      if (!result.ok) return result;
      const conversation = await viewConversation(deps.db, result.value.id, userId);
      // the creator may have left, or been removed, in the meantime
      return conversation === undefined
        ? fail("NOT_FOUND")
        : ok<Outcome>({ conversation, existed: result.value.existed });
    },
    rest: ({ conversation, existed }) => ({ body: { conversation }, status: existed ? 200 : 201 }),
  });
}

interface Created {
  readonly id: ConversationId;
  readonly existed: boolean;
}

function judge(input: Input): Result<true> {
  if (input.type === "direct") {
    for (const field of ["title", "topic", "visibility", "posting", "historyVisibility", "retentionDays"] as const)
      if (input[field] !== undefined) return invalid(field, "is not for direct conversations");
    if (input.memberIds.length > 1) return invalid("memberIds", "names at most one person for a direct conversation");
  }
  if (input.type === "channel" && input.title === undefined) return invalid("title", "is needed for a channel");
  if (input.type === "group" && input.visibility === "public") return invalid("visibility", "of a group is private");
  return ok(true);
}

async function createDirect(deps: CreateConversationDeps, creator: UserId, input: Input): Promise<Result<Created>> {
  const peer = input.memberIds[0] ?? creator;
  const [low = creator, high = creator] = [creator, peer].sort();
  const existing = () =>
    deps.db
      .selectFrom("direct_conversations")
      .select("conversation_id")
      .where("low_user_id", "=", low)
      .where("high_user_id", "=", high)
      .executeTakeFirst();
  const found = await existing();
  if (found !== undefined) return showAgain(deps, found.conversation_id, creator);
  const created = await create(deps, creator, input, peer === creator ? [] : [peer], { low, high });
  if (created.ok || created.failure.code !== "CONFLICT") return created;
  const first = await existing();
  return first === undefined ? created : ok({ id: first.conversation_id, existed: true });
}

/** Whoever begins it anew has it in their list again [C8]. */
async function showAgain(
  { writer }: CreateConversationDeps,
  id: ConversationId,
  userId: UserId,
): Promise<Result<Created>> {
  await writer.transaction({
    conversationId: id,
    work: (tx) => sql`select show_conversation(${laneOf(id)}::smallint, ${id}::uuid, ${userId}::uuid)`.execute(tx),
    publish: () => undefined,
  });
  return ok({ id, existed: true });
}

async function create(
  { writer, broadcaster, outbox, friendsOnly }: CreateConversationDeps,
  creator: UserId,
  input: Input,
  others: readonly UserId[],
  pair?: { readonly low: UserId; readonly high: UserId },
): Promise<Result<Created>> {
  const id = newConversationId();
  const done = await refusable(() =>
    writer.transaction({
      conversationId: id,
      work: async (tx) => {
        if (pair !== undefined) await lockPair(tx, pair.low, pair.high);
        await mustExist(tx, others);
        if (pair !== undefined) {
          await mustReach(tx, creator, others, friendsOnly);
          await claimPair(tx, id, pair);
        }
        // who may be written to is in a direct one, whatever they say of groups [C11]
        const admitting = pair === undefined ? await whoMayBeAdded(tx, creator, others) : new Set(others);
        const members = [creator, ...others.filter((other) => admitting.has(other))];
        await insertConversation(tx, id, creator, input, members);
        const created = await outbox.write(tx, conversationCreated.of(id, creator, null));
        const uninvited = others.filter((other) => !admitting.has(other));
        const events = [created, ...(await invite(tx, outbox, id, creator, uninvited))];
        return { members, changes: await tellCreation(tx, outbox, { id, type: input.type }, creator), events };
      },
      publish: ({ members, changes, events }) => {
        for (const member of members) broadcaster.subscribe(member, id);
        publishChanges(broadcaster, outbox, id, changes);
        outbox.handOver(events);
      },
    }),
  );
  return done.ok ? ok({ id, existed: false }) : done;
}

/** @throws Refused CONFLICT where the two have a conversation already */
async function claimPair(tx: Transactor, id: ConversationId, pair: { low: UserId; high: UserId }): Promise<void> {
  const claimed = await tx
    .insertInto("direct_conversations")
    .values({ low_user_id: pair.low, high_user_id: pair.high, lane: laneOf(id), conversation_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .returning("conversation_id")
    .executeTakeFirst();
  if (claimed === undefined) throw new Refused({ code: "CONFLICT" });
}

/** @throws Refused RECIPIENT_UNAVAILABLE where the creator may not write to the other one [P3] */
async function mustReach(
  tx: Transactor,
  creator: UserId,
  [other = creator]: readonly UserId[],
  friendsOnly: boolean,
): Promise<void> {
  if (!(await mayWriteTo(tx, creator, other, friendsOnly))) throw new Refused({ code: "RECIPIENT_UNAVAILABLE" });
}

async function insertConversation(
  tx: Transactor,
  id: ConversationId,
  creator: UserId,
  input: Input,
  members: readonly UserId[],
): Promise<void> {
  const lane = laneOf(id);
  const most = input.type === "channel" ? limits.channelMembers : limits.groupMembers;
  if (members.length > most) throw new Refused({ code: "VALIDATION_FAILED", detail: `At most ${most} members.` });
  await tx
    .insertInto("conversations")
    .values({
      lane,
      id,
      type: input.type,
      title: input.title ?? null,
      topic: input.topic ?? null,
      visibility: input.visibility ?? "private",
      posting: input.posting ?? "everyone",
      history_visibility: input.historyVisibility ?? (input.type === "group" ? "sinceJoined" : "all"),
      retention_days: input.retentionDays ?? null,
      member_count: members.length,
      created_by: creator,
    })
    .execute();
  // both sides of a direct conversation stand alike
  const otherRole = input.type === "direct" ? "owner" : "member";
  await sql`
    insert into conversation_members
      (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select ${lane}, ${id}, u, case when u = ${creator}::uuid then 'owner' else ${otherRole} end, 0, 1, 0, 0
    from unnest(${members}::uuid[]) u
  `.execute(tx);
}
