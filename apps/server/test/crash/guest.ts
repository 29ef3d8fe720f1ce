import { ChatConnection, ChatStore, HubbubError } from "@hubbub/client";
import { type Change, type ConversationId, chatEvents, type InboxEntry, type UserId } from "@hubbub/contract";
import type { HubConnection } from "@microsoft/signalr";
import { readConversations, readInbox } from "./database-state.ts";
import { openHub, type Person } from "./person.ts";
import { insist } from "./senders.ts";

const about = ["ReceiveMessage", "MemberAdded", "MemberRemoved", "ConversationUpdated"] as const;

/**
 * Someone who is taken into a conversation and out of it all the time: with the store of our own SDK, and with a bare
 * connection that writes down what it hears.
 */
export class Guest {
  readonly person: Person;
  readonly store: ChatStore;
  readonly #conversation: ConversationId;
  readonly #hub: HubConnection;
  readonly #heard: { readonly event: string; readonly pts: number }[] = [];

  private constructor(person: Person, conversation: ConversationId) {
    this.person = person;
    this.#conversation = conversation;
    this.store = new ChatStore({ ...person, connection: new ChatConnection(person.api), retryDelay: () => 100 });
    this.#hub = openHub(person);
    for (const event of about)
      this.#hub.on(event, (value: unknown) => {
        const { conversationId, pts } = chatEvents[event].parse(value);
        if (conversationId === conversation) this.#heard.push({ event, pts });
      });
    for (const event of [
      "ConversationHead",
      "NewConversationCreated",
      "AddedToConversation",
      "RemovedFromConversation",
    ])
      this.#hub.on(event, () => undefined);
  }

  static async open(person: Person, conversation: ConversationId): Promise<Guest> {
    const guest = new Guest(person, conversation);
    guest.store.start();
    await guest.#hub.start();
    return guest;
  }

  async close(): Promise<void> {
    await this.store.stop();
    await this.#hub.stop();
  }

  /** What is wrong with its store and its inbox, when all is quiet. */
  async disagreements(log: readonly Change[]): Promise<string[]> {
    const { api, user } = this.person;
    const stored = (await readConversations(api)).map(({ id, pts }) => `${id} at ${pts}`).sort();
    const { conversations } = this.store.getSnapshot();
    const shown = [...conversations].map(([id, { conversation }]) => `${id} at ${conversation.pts}`).sort();
    const comings = log.flatMap((change) =>
      (change.event === "MemberAdded" || change.event === "MemberRemoved") && change.payload.userId === user.id
        ? [change.event === "MemberAdded" ? "+" : "-"]
        : [],
    );
    const inbox = await readInbox(api);
    const told = inbox.flatMap((entry) =>
      isAbout(entry, this.#conversation) ? [entry.event === "AddedToConversation" ? "+" : "-"] : [],
    );
    const created = inbox.filter(({ event }) => event === "NewConversationCreated").length;
    return [
      ...(Bun.deepEquals(stored, shown) ? [] : [`The guest's store shows ${shown} and not ${stored}`]),
      ...(tells(told, comings) ? [] : [`The guest's inbox tells ${told.join("")} and not ${comings.join("")}`]),
      ...(created === stored.length - 1
        ? []
        : [`The guest's inbox tells of ${created} new ones of ${stored.length - 1}`]),
    ];
  }

  /** What it heard of the conversation while it was no member, by the conversation's log [L13]. */
  overheard(log: readonly Change[]): string[] {
    const mayHear = new Set<number>();
    let isMember = false;
    for (const change of log) {
      if (change.event === "MemberAdded" && change.payload.userId === this.person.user.id) isMember = true;
      if (change.event === "MemberRemoved" && change.payload.userId === this.person.user.id) isMember = false;
      if (isMember) mayHear.add(change.pts);
    }
    return this.#heard
      .filter(({ pts }) => !mayHear.has(pts))
      .map(({ event, pts }) => `${event} with pts ${pts} of ${this.#conversation} reached someone who was no member`);
  }
}

/** Whether someone was told of every coming, and of the goings but for those that were told too late to matter. */
function tells(told: readonly string[], comings: readonly string[]): boolean {
  const count = (all: readonly string[], one: string) => all.filter((each) => each === one).length;
  return (
    count(told, "+") === count(comings, "+") &&
    count(told, "-") <= count(comings, "-") &&
    told.at(-1) === comings.at(-1)
  );
}

function isAbout(entry: InboxEntry, conversation: ConversationId): boolean {
  switch (entry.event) {
    case "NewConversationCreated":
    case "AddedToConversation":
      return entry.payload.conversation.id === conversation;
    case "RemovedFromConversation":
      return entry.payload.conversationId === conversation;
    case "InvitationReceived":
    case "InvitationUpdated":
    case "ReadMarkUpdated":
    case "FriendRequestReceived":
    case "FriendRequestUpdated":
    case "SettingsUpdated":
    case "Hidden":
    case "Unknown":
      return false;
  }
}

interface Invitation {
  readonly host: Person;
  readonly guest: UserId;
  readonly conversationId: ConversationId;
}

/**
 * Takes someone in and out, and renames the conversation; in the end they are in. Each is repeated until it is known to
 * have happened.
 */
export async function keepInviting({ host, guest, conversationId }: Invitation, isOver: () => boolean): Promise<void> {
  for (let round = 1; !isOver(); round++) {
    await insist(() => host.api.call("addMembers", { conversationId, userIds: [guest] }));
    await Bun.sleep(20);
    await insist(() => host.api.call("updateConversation", { conversationId, title: `round ${round}` }));
    await insist(() => host.api.call("removeMember", { conversationId, userId: guest }).catch(unlessDone));
    await Bun.sleep(10);
  }
  await insist(() => host.api.call("addMembers", { conversationId, userIds: [guest] }));
}

/** A repeated removal finds nobody to remove. */
function unlessDone(error: unknown): null {
  if (error instanceof HubbubError && error.code === "NOT_FOUND") return null;
  throw error;
}

/** Begins conversations with a guest. What was begun twice after a lost answer stays. */
export async function keepFounding(host: Person, guest: UserId, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await insist(() => host.api.call("createConversation", { type: "group", title: "New", memberIds: [guest] }));
    await Bun.sleep(100);
  }
}
