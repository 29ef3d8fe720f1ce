import type { Change, Conversation, Message, ReactionChanged, Role, UserId } from "@hubbub/contract";
import type { Account } from "./account.ts";
import type { Api } from "./api.ts";

/** What a client knows of a conversation and keeps up to date by changes [L18]. */
export interface State {
  readonly pts: number;
  readonly seq: number;
  readonly title: string | undefined;
  readonly topic: string | undefined;
  readonly posting: Conversation["posting"];
  readonly visibility: Conversation["visibility"];
  readonly historyVisibility: Conversation["historyVisibility"];
  readonly retentionDays: number | undefined;
  readonly avatarMediaId: string | undefined;
  readonly memberCount: number;
  readonly members: ReadonlyMap<UserId, Role>;
  readonly messages: ReadonlyMap<number, Message>;
}

/** The state as someone who has nothing reads it. The conversation must not change meanwhile. */
export async function freshState(api: Api, { token }: Account, conversationId: string): Promise<State> {
  const { conversation } = await api.call("getConversation", { conversationId }, token);
  const { items } = await api.call("listMembers", { conversationId, limit: 200 }, token);
  const messages = new Map<number, Message>();
  for (let cursor: string | null = "0"; cursor !== null; ) {
    const query = { conversationId, afterSeq: Number(cursor), limit: 200, threads: "include" as const };
    const page: { items: Message[]; nextCursor: string | null } = await api.call("listMessages", query, token);
    for (const message of page.items) messages.set(message.seq, message);
    cursor = page.nextCursor;
  }
  const { pts, seq, title, topic, posting, visibility, historyVisibility, retentionDays, avatarMediaId, memberCount } =
    conversation;
  const members = new Map(items.map((member) => [member.userId, member.role]));
  const settings = { title, topic, posting, visibility, historyVisibility, retentionDays, avatarMediaId };
  return { pts, seq, ...settings, memberCount, members, messages };
}

/** Old state + one change. @throws when the change is not the very next one */
export function applyChange(state: State, change: Change): State {
  if (change.pts !== state.pts + 1) throw new Error(`pts ${change.pts} does not follow ${state.pts}`);
  const { pts } = change;
  switch (change.event) {
    case "ReceiveMessage": {
      const { payload } = change;
      const messages = new Map(state.messages).set(payload.seq, payload);
      return withReply({ ...state, pts, seq: payload.seq, messages }, pts, payload);
    }
    case "MessageEdited":
    case "MessageDeleted":
    case "MessagePinned":
    case "MessageUnpinned":
      return changeMessage({ ...state, pts }, change, () => change.payload);
    case "ReactionAdded":
    case "ReactionRemoved":
      return changeMessage({ ...state, pts }, change, (message) => withReaction(message, change.payload));
    case "MemberAdded": {
      const members = new Map(state.members).set(change.payload.userId, change.payload.role);
      return { ...state, pts, members, memberCount: members.size };
    }
    case "MemberRemoved": {
      const members = new Map(state.members);
      members.delete(change.payload.userId);
      return { ...state, pts, members, memberCount: members.size };
    }
    case "MemberRoleChanged": {
      const members = new Map(state.members).set(change.payload.userId, change.payload.to);
      return { ...state, pts, members };
    }
    case "ConversationUpdated": {
      const { title = state.title, topic = state.topic, posting = state.posting } = change.payload;
      const { visibility = state.visibility, historyVisibility = state.historyVisibility } = change.payload;
      const { retentionDays = state.retentionDays, avatarMediaId = state.avatarMediaId } = change.payload;
      const changed = { title, topic: topic ?? undefined, posting, visibility, historyVisibility };
      const taken = { retentionDays: retentionDays ?? undefined, avatarMediaId: avatarMediaId ?? undefined };
      return { ...state, pts, ...changed, ...taken };
    }
    case "HistoryTrimmed": {
      const left = [...state.messages].filter(([seq]) => seq >= change.payload.beforeSeq);
      return { ...state, pts, messages: new Map(left) };
    }
    case "ConversationDeleted":
      throw new Error("nobody can read of a conversation that is deleted");
    case "Unknown":
      throw new Error(`A server of this version told of something unknown at pts ${pts}`);
    case "Hidden":
      return { ...state, pts };
  }
}

/** A reply tells of its root that there is one more [L15]. */
function withReply(state: State, pts: number, { threadRootId, seq, senderId, createdAt }: Message): State {
  const root = [...state.messages.values()].find(({ id }) => id === threadRootId);
  if (root === undefined) return state;
  return changeMessage(state, { pts, payload: root }, ({ thread, ...others }) => ({
    ...others,
    pts,
    thread: {
      replyCount: (thread?.replyCount ?? 0) + 1,
      lastReplySeq: seq,
      lastReplyAt: createdAt,
      participantIds: [...new Set([...(thread?.participantIds ?? []), senderId])].slice(0, 5),
    },
  }));
}

/** A message is told as it is now, so a change that it shows already must not be made again [L11]. */
function changeMessage(
  state: State,
  { pts, payload }: { pts: number; payload: { seq: number } },
  change: (message: Message) => Message,
): State {
  const before = state.messages.get(payload.seq);
  if (before === undefined || before.pts >= pts) return state;
  return { ...state, messages: new Map(state.messages).set(payload.seq, change(before)) };
}

function withReaction({ reactions = [], ...message }: Message, change: ReactionChanged): Message {
  const { emoji, count, userIds, pts } = change;
  const known = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const all = known < 0 ? [...reactions, { emoji, count, userIds }] : reactions.with(known, { emoji, count, userIds });
  const left = all.filter((reaction) => reaction.count > 0);
  return { ...message, pts, ...(left.length > 0 && { reactions: left }) };
}
