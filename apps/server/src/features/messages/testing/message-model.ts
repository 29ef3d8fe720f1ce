import { expect } from "bun:test";
import {
  type Attachment,
  type ForwardedFrom,
  limits,
  type Mention,
  type Message,
  type MessageId,
  type MessageReceipt,
  type ReplyTo,
  type SystemEvent,
  type Thread,
  type UserId,
} from "@hubbub/contract";

export interface ModelMessage {
  readonly id: MessageId;
  readonly seq: number;
  readonly senderId: UserId;
  readonly createdAt: string;
  /** What the system says; the rest is as of any message. */
  system: SystemEvent | undefined;
  readonly kind: "text" | "image" | "system";
  pts: number;
  text: string | undefined;
  replyTo: ReplyTo | undefined;
  forwardedFrom: ForwardedFrom | undefined;
  readonly threadRoot: ModelMessage | undefined;
  thread: Thread | undefined;
  mentions: Mention[] | undefined;
  media: Attachment[] | undefined;
  readonly edits: string[];
  readonly reactions: Map<string, UserId[]>;
  pinnedAt: string | undefined;
  deleted: boolean;
}

type NewModelMessage = Pick<ModelMessage, "id" | "senderId" | "createdAt"> & Partial<ModelMessage>;

export interface ModelMember {
  readonly role: "owner" | "admin" | "member";
  readonly visibleFromSeq: number;
  readSeq: number;
  deliveredSeq: number;
  draft?: string;
}

/** Who keeps what from whom. */
export interface Reserve {
  readonly blocksOf: ReadonlyMap<UserId, ReadonlySet<UserId>>;
  /** Who shows nobody how far they read. */
  readonly hidesReceipts: ReadonlySet<UserId>;
}

export type ChangeKind = "edit" | "delete" | "react" | "unreact" | "pin" | "unpin";

/** What a change says, and what the server made of it. */
export interface Said {
  readonly text: string;
  readonly mentions: Mention[] | undefined;
  readonly symbol: string;
  readonly pinnedAt: string | undefined;
}

/** One group as the rules want it: what is in it, and who sees and may do what. It knows no database. */
export class MessageModel {
  readonly #sinceJoined: boolean;
  readonly #reserve: Reserve;
  readonly members = new Map<UserId, ModelMember>();
  readonly messages: ModelMessage[] = [];
  pts = 0;
  /** What retention left begins there [L12]. */
  beforeSeq = 1;
  /** The latest change to what it took. */
  forgottenPts = 0;

  constructor(sinceJoined: boolean, reserve: Reserve) {
    this.#sinceJoined = sinceJoined;
    this.#reserve = reserve;
  }

  enter(person: UserId, role: ModelMember["role"] = "member"): void {
    const seq = this.messages.length;
    const visibleFromSeq = this.#sinceJoined ? seq + 1 : 1;
    this.members.set(person, { role, visibleFromSeq, readSeq: seq, deliveredSeq: seq });
  }

  /** Who came last of those who are there. */
  get newcomer(): UserId | undefined {
    return [...this.members.keys()].at(-1);
  }

  /** A message of the next seq and pts; a reply counts for its root [L15]. */
  add(message: NewModelMessage): ModelMessage {
    const seq = this.messages.length + 1;
    const added: ModelMessage = { ...nothing(), ...message, seq, pts: ++this.pts };
    this.messages.push(added);
    const { threadRoot } = added;
    if (threadRoot !== undefined)
      Object.assign(threadRoot, { pts: added.pts, thread: threadOf(threadRoot, this.messages) });
    const sender = this.members.get(added.senderId);
    if (added.kind !== "system" && sender !== undefined) this.mark(added.senderId, seq, seq);
    return added;
  }

  mark(person: UserId, readSeq: number, deliveredSeq: number): void {
    const member = this.members.get(person);
    if (member === undefined) return;
    member.readSeq = Math.max(member.readSeq, readSeq);
    member.deliveredSeq = Math.max(member.deliveredSeq, member.readSeq, deliveredSeq);
  }

  /** @returns whether there was anything */
  trim(upToSeq: number): boolean {
    const gone = this.messages.filter(({ seq }) => seq >= this.beforeSeq && seq <= upToSeq);
    if (gone.length === 0) return false;
    this.pts++;
    this.beforeSeq = upToSeq + 1;
    this.forgottenPts = Math.max(this.forgottenPts, ...gone.map(({ pts }) => pts));
    return true;
  }

  sees(person: UserId, message: ModelMessage | undefined): message is ModelMessage {
    const from = this.members.get(person)?.visibleFromSeq ?? Number.POSITIVE_INFINITY;
    return message !== undefined && message.seq >= Math.max(from, this.beforeSeq);
  }

  seenBy(person: UserId): ModelMessage[] {
    return this.messages.filter((message) => this.sees(person, message));
  }

  /** Those that are there and that a deed is meant for, whoever does it. */
  fitFor(deed: string): readonly ModelMessage[] {
    return this.messages.filter(({ seq, kind, deleted, pinnedAt }) => {
      if (seq < this.beforeSeq) return false;
      if (deed === "unpin") return pinnedAt !== undefined;
      return (deed !== "edit" && deed !== "forward") || (kind !== "system" && !deleted);
    });
  }

  isHiddenFromSome(seq: number): boolean {
    return [...this.members.values()].some(({ visibleFromSeq }) => visibleFromSeq > seq);
  }

  /** The people who are members, in the order given, each once. */
  called(wanted: readonly Mention[]): Mention[] | undefined {
    const called = [...new Set(wanted)].filter((who) => who === "everyone" || this.members.has(who));
    return called.length > 0 ? called : undefined;
  }

  /** The latest pin first. */
  pinsSeenBy(person: UserId): ModelMessage[] {
    const pinned = this.seenBy(person).filter(({ pinnedAt }) => pinnedAt !== undefined);
    return pinned.sort((a, b) => (b.pinnedAt ?? "").localeCompare(a.pinnedAt ?? "") || b.seq - a.seq);
  }

  showsMarks(person: UserId, viewer: UserId): boolean {
    const { hidesReceipts, blocksOf } = this.#reserve;
    return person === viewer || !(hidesReceipts.has(person) || blocksOf.get(person)?.has(viewer));
  }

  /** Who got and who read it, of those who see it and show it. */
  receiptsOf({ seq, senderId }: ModelMessage, viewer: UserId): MessageReceipt[] {
    return [...this.members]
      .filter(([id, { visibleFromSeq }]) => id !== senderId && visibleFromSeq <= seq && this.showsMarks(id, viewer))
      .map(([userId, { readSeq, deliveredSeq }]) => ({ userId, delivered: deliveredSeq >= seq, read: readSeq >= seq }))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  }

  /** @returns "ok" or the code of the failure */
  mayForward(message: ModelMessage | undefined, actor: UserId): string {
    if (!this.sees(actor, message)) return "NOT_FOUND";
    if (message.kind === "system") return "FORBIDDEN";
    return message.deleted ? "CONFLICT" : "ok";
  }

  /** @returns "ok" or the code of the failure */
  mayChange(kind: ChangeKind, message: ModelMessage | undefined, actor: UserId, text: string): string {
    if (!this.sees(actor, message)) return "NOT_FOUND";
    const isOwn = message.senderId === actor && message.kind !== "system";
    const keepsOrder = this.members.get(actor)?.role !== "member";
    if (kind === "delete") return isOwn || keepsOrder ? "ok" : "FORBIDDEN";
    if (kind === "edit" && !(isOwn && message.forwardedFrom === undefined)) return "FORBIDDEN";
    if ((kind === "pin" || kind === "unpin") && !(keepsOrder && message.kind !== "system")) return "FORBIDDEN";
    if (message.deleted) return "CONFLICT";
    return kind === "edit" && text === "" && message.media === undefined ? "VALIDATION_FAILED" : "ok";
  }

  /** Of one that is allowed. @returns the seqs of the messages that are changed, a change each */
  change(kind: ChangeKind, message: ModelMessage, actor: UserId, said: Said): readonly number[] {
    if (!apply(kind, message, actor, said)) return [];
    message.pts = ++this.pts;
    const root = message.threadRoot;
    if (kind !== "delete" || root === undefined || root.seq < this.beforeSeq) return [message.seq];
    root.pts = ++this.pts;
    root.thread = threadOf(root, this.messages);
    return [message.seq, root.seq];
  }
}

/** @returns whether anything changes */
function apply(kind: ChangeKind, message: ModelMessage, actor: UserId, said: Said): boolean {
  const { reactions, edits } = message;
  const { text, mentions, symbol, pinnedAt } = said;
  switch (kind) {
    case "edit": {
      const isCalledAsBefore = Bun.deepEquals(mentions, message.mentions);
      const now = text === "" ? undefined : text;
      if (message.text === now && isCalledAsBefore) return false;
      if (message.text !== now) edits.push(message.text ?? "");
      Object.assign(message, { text: now, mentions });
      return true;
    }
    case "delete": {
      if (message.deleted) return false;
      Object.assign(message, { deleted: true, text: undefined, system: undefined, replyTo: undefined });
      Object.assign(message, { forwardedFrom: undefined, pinnedAt: undefined, mentions: undefined, media: undefined });
      edits.length = 0;
      reactions.clear();
      return true;
    }
    case "pin":
    case "unpin":
      if ((message.pinnedAt !== undefined) === (kind === "pin")) return false;
      message.pinnedAt = kind === "pin" ? pinnedAt : undefined;
      return true;
    case "react":
    case "unreact": {
      const who = reactions.get(symbol) ?? [];
      if (who.includes(actor) === (kind === "react")) return false;
      const now = kind === "react" ? [...who, actor] : who.filter((each) => each !== actor);
      if (now.length > 0) reactions.set(symbol, now);
      else reactions.delete(symbol);
      return true;
    }
  }
}

/** What a root tells of its replies [L15]; when the last one came is not compared. */
function threadOf(root: ModelMessage, messages: readonly ModelMessage[]): Thread | undefined {
  const replies = messages.filter(({ threadRoot, deleted }) => threadRoot === root && !deleted);
  const lastReplySeq = replies.at(-1)?.seq;
  if (lastReplySeq === undefined) return undefined;
  const participantIds = [...new Set(replies.map(({ senderId }) => senderId))].slice(0, 5);
  return { replyCount: replies.length, lastReplySeq, lastReplyAt: "", participantIds };
}

/** Of a message without any of it. */
const nothing = () => ({
  ...{ kind: "text" as const, system: undefined, text: undefined, replyTo: undefined, forwardedFrom: undefined },
  ...{ threadRoot: undefined, thread: undefined, mentions: undefined, edits: [], pinnedAt: undefined, deleted: false },
  ...{ media: undefined, reactions: new Map<string, UserId[]>() },
});

/** A message but for its times and its sender's own id. */
export function viewed({ clientMessageId: _, createdAt: __, editedAt, deletedAt, thread, ...message }: Message) {
  const counted = thread && { ...thread, lastReplyAt: "" };
  return {
    ...message,
    ...(counted && { thread: counted }),
    isEdited: editedAt !== undefined,
    isDeleted: deletedAt !== undefined,
  };
}

export function expectedOf(message: ModelMessage) {
  const { id, seq, pts, senderId, kind, system, text, replyTo, threadRoot, thread, mentions, edits, deleted } = message;
  const { forwardedFrom, pinnedAt, media } = message;
  const reactions = [...message.reactions].map(([emoji, all]) => {
    return { emoji, count: all.length, userIds: all.slice(0, limits.reactionUserIds) };
  });
  return {
    ...{ id, seq, pts, senderId, kind, conversationId: expect.any(String) },
    ...(text !== undefined && { text }),
    ...(media !== undefined && { media }),
    ...(system !== undefined && { system }),
    ...(replyTo !== undefined && { replyTo }),
    ...(forwardedFrom !== undefined && { forwardedFrom }),
    ...(threadRoot !== undefined && { threadRootId: threadRoot.id }),
    ...(thread !== undefined && { thread }),
    ...(mentions !== undefined && { mentions }),
    ...(reactions.length > 0 && { reactions }),
    ...(pinnedAt !== undefined && { pinnedAt }),
    ...{ isEdited: edits.length > 0, isDeleted: deleted },
  };
}
