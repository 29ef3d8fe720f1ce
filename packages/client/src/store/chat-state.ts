import type {
  Conversation,
  ConversationId,
  InboxEntry,
  InboxEvents,
  Invitation,
  InvitationId,
  User,
  UserId,
} from "@hubbub/contract";
import { applyChange } from "./apply-change.ts";
import { type ConversationState, freshConversation, type PushedChange, withSettings } from "./conversation-state.ts";
import { raiseOwnMarks, recount } from "./marks.ts";
import { nobody } from "./mentions.ts";
import { changeFriend, changeSettings, type PeopleState, putFriend } from "./people-state.ts";

export type Invitations = ReadonlyMap<InvitationId, Invitation>;
export type Conversations = ReadonlyMap<ConversationId, ConversationState>;

/** Everything durable that a client knows. */
export interface ChatState {
  readonly ownId: UserId;
  /** Undefined until the first sync. Changes when the database was restored from a backup [L21]. */
  readonly epoch: string | undefined;
  /** The last inbox entry applied [L16]. */
  readonly userPts: number;
  readonly conversations: Conversations;
  /** One's own that wait for an answer. */
  readonly invitations: Invitations;
  /** Undefined until the first sync. */
  readonly people: PeopleState | undefined;
  /** For those that came by the inbox: at which `userPts`. An older answer that lacks them says nothing. */
  readonly addedAt: ReadonlyMap<ConversationId, number>;
}

type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, "createdAt"> : never;
/** An inbox entry as it is pushed; one read by sync fits too. */
export type PushedInboxEntry = WithoutTime<InboxEntry>;

export function emptyChat(ownId: UserId): ChatState {
  return {
    ownId,
    epoch: undefined,
    userPts: 0,
    conversations: new Map(),
    invitations: new Map(),
    people: undefined,
    addedAt: new Map(),
  };
}

export function updateConversation(
  state: ChatState,
  id: ConversationId,
  change: (conversation: ConversationState) => ConversationState,
): ChatState {
  const known = state.conversations.get(id);
  if (known === undefined) return state;
  const changed = change(known);
  if (changed === known) return state;
  return { ...state, conversations: new Map(state.conversations).set(id, changed) };
}

/** Whom the person blocked, as far as it is known. */
export const blocksOf = ({ people }: ChatState): ReadonlySet<UserId> => people?.blocks ?? nobody;

/** One that is known stays as it is, for its changes come in order. */
export function addConversation(state: ChatState, conversation: Conversation): ChatState {
  if (state.conversations.has(conversation.id)) return state;
  const conversations = new Map(state.conversations).set(conversation.id, freshConversation(conversation));
  return { ...state, conversations };
}

export function removeConversations(state: ChatState, ids: Iterable<ConversationId>): ChatState {
  const conversations = new Map(state.conversations);
  for (const id of ids) conversations.delete(id);
  return conversations.size === state.conversations.size ? state : { ...state, conversations };
}

/** What someone is called now, where they are the other one of two. */
export function updatePeer(state: ChatState, user: User): ChatState {
  let next = state;
  for (const { conversation } of state.conversations.values())
    if (conversation.peer?.id === user.id)
      next = updateConversation(next, conversation.id, (known) => ({
        ...known,
        conversation: { ...known.conversation, peer: user },
      }));
  return next;
}

/** Applies a pushed change of a conversation; of an unknown one it tells nothing. */
export function applyPush(state: ChatState, id: ConversationId, change: PushedChange): ChatState {
  return updateConversation(state, id, (conversation) =>
    applyChange(conversation, change, state.ownId, blocksOf(state)),
  );
}

function raiseReadMark(state: ChatState, { conversationId, ...marks }: InboxEvents["ReadMarkUpdated"]): ChatState {
  return updateConversation(state, conversationId, (known) =>
    raiseOwnMarks(known, marks, state.ownId, blocksOf(state)),
  );
}

/** As it is now, whichever entry told of it; of other people's only who invited them is told. */
export function takeInvitation(state: ChatState, invitation: Invitation): ChatState {
  const { id, userId, status } = invitation;
  const isWaiting = userId === state.ownId && status === "pending";
  if (!isWaiting && !state.invitations.has(id)) return state;
  const invitations = new Map(state.invitations);
  if (isWaiting) invitations.set(id, invitation);
  else invitations.delete(id);
  return { ...state, invitations };
}

function updatePeople(state: ChatState, change: (people: PeopleState) => PeopleState): ChatState {
  return state.people === undefined ? state : { ...state, people: change(state.people) };
}

function changeOwnSettings(state: ChatState, payload: InboxEvents["SettingsUpdated"]): ChatState {
  const next = recountMentions(
    state,
    updatePeople(state, (people) => changeSettings(people, payload)),
  );
  const { conversation } = payload;
  if (conversation === undefined) return next;
  return updateConversation(next, conversation.id, (known) => withSettings(known, conversation.settings));
}

/** Whom one blocks calls one no more, and calls one again afterwards [L14]. */
function recountMentions(before: ChatState, state: ChatState): ChatState {
  const blocks = blocksOf(state);
  if (blocks === blocksOf(before)) return state;
  return [...state.conversations].reduce((next, [id, { conversation }]) => {
    const { me, seq } = conversation;
    return me.readSeq < seq ? updateConversation(next, id, (known) => recount(known, state.ownId, blocks)) : next;
  }, state);
}

/** Applies an inbox entry in its turn, a read mark at once, for it only rises; what is there already and what comes early is dropped: a sync brings it. */
export function applyInboxEntry(state: ChatState, entry: PushedInboxEntry): ChatState {
  const marked = entry.event === "ReadMarkUpdated" ? raiseReadMark(state, entry.payload) : state;
  if (entry.userPts !== state.userPts + 1) return marked;
  const next = { ...marked, userPts: entry.userPts };
  switch (entry.event) {
    case "NewConversationCreated":
    case "AddedToConversation": {
      const { conversation } = entry.payload;
      const addedAt = new Map(state.addedAt).set(conversation.id, entry.userPts);
      return addConversation({ ...next, addedAt }, conversation);
    }
    case "RemovedFromConversation":
      return removeConversations(next, [entry.payload.conversationId]);
    case "InvitationReceived":
    case "InvitationUpdated":
      return takeInvitation(next, entry.payload.invitation);
    case "FriendRequestReceived":
      return updatePeople(next, (people) => putFriend(people, entry.payload.friend));
    case "FriendRequestUpdated":
      return updatePeople(next, (people) => changeFriend(people, entry.payload));
    case "SettingsUpdated":
      return changeOwnSettings(next, entry.payload);
    case "ReadMarkUpdated":
    case "Hidden":
    case "Unknown": // the conversation that it is about is read afresh
      return next;
    default:
      return entry satisfies never;
  }
}
