import {
  type ConversationId,
  type HubOperationName,
  type HubOutput,
  limits,
  type OperationRequest,
  type UserId,
  type UserStatus,
} from "@hubbub/contract";
import type { ChatConnection } from "../connection/chat-connection.ts";
import { StateCell } from "./state-cell.ts";

export type Statuses = ReadonlyMap<UserId, UserStatus>;
/** Who types, in each conversation that is viewed. */
export type Typists = ReadonlyMap<ConversationId, ReadonlySet<UserId>>;

/** Milliseconds between two tellings that one types: more than the server's pause, or every other one is not told on. */
const TYPE_EVERY_MS = limits.typing.pause + 500;
/** Milliseconds after which someone's typing ended, if the word that it did was lost. */
const FORGET_TYPING_MS = limits.typing.lasts + 2_000;

interface PresenceOptions {
  readonly connection: Pick<ChatConnection, "call" | "on" | "onState" | "state" | "tell">;
  /** Told where a conversation stands that is viewed from now on. */
  readonly heard: (id: ConversationId, pts: number) => void;
}

/** Counts how often something is wanted. @returns whether that makes a difference */
class Wants<Key> {
  readonly #counts = new Map<Key, number>();

  add(key: Key): boolean {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count === 1;
  }

  remove(key: Key): boolean {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    return count <= 0;
  }

  has(key: Key): boolean {
    return this.#counts.has(key);
  }

  keys(): Key[] {
    return [...this.#counts.keys()];
  }
}

/**
 * Who is there and who types: no part of the chat's state. It is asked for while it is shown, heard while connected and
 * forgotten with the connection; what is wanted is asked for anew by the next one.
 */
export class Presence {
  readonly statuses = new StateCell<Statuses>(new Map());
  readonly typists = new StateCell<Typists>(new Map());
  readonly #options: PresenceOptions;
  readonly #watched = new Wants<UserId>();
  readonly #viewed = new Wants<ConversationId>();
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  /** Where one was last told to type, until one has stopped; and when that was. */
  #typesIn: ConversationId | undefined;
  #toldAt = 0;
  /** Whom the server is to be asked about, or told to forget, in one call. */
  readonly #changed = new Set<UserId>();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** @returns the way to tell that it is no longer shown */
  watch(ids: readonly UserId[]): () => void {
    for (const id of ids) if (this.#watched.add(id)) this.#change(id);
    return () => {
      for (const id of ids) if (this.#watched.remove(id)) this.#change(id);
    };
  }

  /** @returns the way to tell that it is no longer shown */
  view(id: ConversationId): () => void {
    if (this.#viewed.add(id)) this.#join(id);
    return () => {
      if (!this.#viewed.remove(id)) return;
      this.#options.connection.tell("leaveConversation", { conversationId: id });
      for (const userId of this.typists.get().get(id) ?? []) this.#stopped(id, userId);
    };
  }

  /** One types, or has stopped: sent or given up. */
  type(id: ConversationId, isTyping: boolean): void {
    const sinceTold = Date.now() - this.#toldAt;
    if (isTyping && sinceTold >= TYPE_EVERY_MS) {
      this.#typesIn = id;
      this.#toldAt = Date.now();
      this.#options.connection.tell("startTyping", { conversationId: id });
    } else if (!isTyping && this.#typesIn === id) {
      this.#typesIn = undefined;
      if (sinceTold < limits.typing.lasts) this.#options.connection.tell("stopTyping", { conversationId: id });
    }
  }

  /** @returns the way to stop hearing, and to forget */
  listen(): () => void {
    const { connection } = this.#options;
    const ends = [
      connection.onState(({ status }) => (status === "online" ? this.#resume() : this.#forget())),
      connection.on("UserStatusChanged", (status) => this.#learn([status])),
      connection.on("UserStartedTyping", ({ conversationId, userId }) => this.#started(conversationId, userId)),
      connection.on("UserStoppedTyping", ({ conversationId, userId }) => this.#stopped(conversationId, userId)),
      // who has sent types no longer
      connection.on("ReceiveMessage", ({ conversationId, senderId }) => this.#stopped(conversationId, senderId)),
    ];
    return () => {
      for (const end of ends) end();
      this.#forget();
    };
  }

  /** There is a connection again. */
  #resume(): void {
    for (const id of this.#watched.keys()) this.#change(id);
    for (const id of this.#viewed.keys()) this.#join(id);
  }

  /** The connection has ended: nothing is known any more. */
  #forget(): void {
    for (const timer of this.#typing.values()) clearTimeout(timer);
    this.#typing.clear();
    this.#typesIn = undefined;
    this.statuses.update((known) => (known.size === 0 ? known : new Map()));
    this.typists.update((known) => (known.size === 0 ? known : new Map()));
  }

  #learn(statuses: readonly UserStatus[]): void {
    if (statuses.length > 0)
      this.statuses.update((known) => new Map([...known, ...statuses.map((each) => [each.userId, each] as const)]));
  }

  #started(id: ConversationId, userId: UserId): void {
    clearTimeout(this.#typing.get(`${id} ${userId}`));
    this.#typing.set(
      `${id} ${userId}`,
      setTimeout(() => this.#stopped(id, userId), FORGET_TYPING_MS),
    );
    this.typists.update((all) => new Map(all).set(id, new Set(all.get(id)).add(userId)));
  }

  /** Of who did not type it tells nothing. */
  #stopped(id: ConversationId, userId: UserId): void {
    clearTimeout(this.#typing.get(`${id} ${userId}`));
    this.#typing.delete(`${id} ${userId}`);
    this.typists.update((all) => {
      const left = new Set(all.get(id));
      if (!left.delete(userId)) return all;
      const next = new Map(all);
      if (left.size > 0) next.set(id, left);
      else next.delete(id);
      return next;
    });
  }

  #join(id: ConversationId): void {
    this.#call("joinConversation", { conversationId: id }, ({ pts }) => this.#options.heard(id, pts));
  }

  /** Gathers what changes in one turn. */
  #change(id: UserId): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#tellChanges());
    this.#changed.add(id);
  }

  #tellChanges(): void {
    const ids = [...this.#changed];
    this.#changed.clear();
    const most = limits.watchedUsers.aCall;
    const [wanted, unwanted] = [ids.filter((id) => this.#watched.has(id)), ids.filter((id) => !this.#watched.has(id))];
    if (unwanted.length > 0)
      this.statuses.update((known) => new Map([...known].filter(([id]) => this.#watched.has(id) || !ids.includes(id))));
    for (let from = 0; from < unwanted.length; from += most)
      this.#options.connection.tell("unwatchPresence", { userIds: unwanted.slice(from, from + most) });
    for (let from = 0; from < wanted.length; from += most)
      this.#call("watchPresence", { userIds: wanted.slice(from, from + most) }, (statuses) => this.#learn(statuses));
  }

  /** What fails is not worth a word: it is asked for again with the next connection, or not at all. */
  #call<Name extends HubOperationName>(
    name: Name,
    input: OperationRequest<Name>,
    answered: (output: HubOutput<Name>) => void,
  ): void {
    const { connection } = this.#options;
    if (connection.state.status === "online") connection.call(name, input).then(answered, () => undefined);
  }
}
