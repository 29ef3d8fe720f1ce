import { ChatConnection, ChatStore } from "@hubbub/client";
import { type ChatEventName, type ConversationId, chatEvents, newClientMessageId } from "@hubbub/contract";
import { createTestDatabase } from "../../src/testing/database.ts";
import { ServerProcess } from "../../src/testing/server-process.ts";
import { newPerson, openHub, type Person } from "../crash/person.ts";

/** Real servers that share a database. */
export interface Fleet extends AsyncDisposable {
  readonly nodes: readonly ServerProcess[];
}

export async function startFleet(size: number, env: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const database = await createTestDatabase();
  const secret = { HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test" };
  const nodes: ServerProcess[] = [];
  for (let n = 0; n < size; n++)
    nodes.push(await ServerProcess.start({ env: { DATABASE_URL: database.url, ...secret, ...env } }));
  return {
    nodes,
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node.stop()));
      await database.drop();
    },
  };
}

interface Heard {
  readonly event: ChatEventName;
  readonly payload: object;
  /** `performance.now()` when it came. */
  readonly at: number;
}

/** Someone at one node of a fleet: the store of our SDK, and a bare connection that writes down what it hears. */
export class Guest implements AsyncDisposable {
  readonly person: Person;
  readonly store: ChatStore;
  readonly heard: Heard[] = [];
  readonly #hub;

  private constructor(person: Person) {
    this.person = person;
    this.store = new ChatStore({ ...person, connection: new ChatConnection(person.api), retryDelay: () => 100 });
    this.#hub = openHub(person);
    for (const event of Object.keys(chatEvents))
      if (isEvent(event))
        this.#hub.on(event, (payload: object) => this.heard.push({ event, payload, at: performance.now() }));
  }

  static async join(node: ServerProcess, username: string): Promise<Guest> {
    const guest = new Guest(await newPerson(await node.url, username));
    guest.store.start();
    await guest.#hub.start();
    return guest;
  }

  get id() {
    return this.person.user.id;
  }

  async begin(others: readonly Guest[]): Promise<ConversationId> {
    const { api } = this.person;
    const memberIds = others.map(({ id }) => id);
    const { conversation } = await api.call("createConversation", { type: "group", title: "all", memberIds });
    return conversation.id;
  }

  async say(conversationId: ConversationId, text: string): Promise<void> {
    await this.person.api.call("sendMessage", { conversationId, text, clientMessageId: newClientMessageId() });
  }

  /** What the store shows of a conversation, by pts. */
  shown(conversation: ConversationId): number {
    return this.store.getSnapshot().conversations.get(conversation)?.conversation.pts ?? -1;
  }

  texts(): string[] {
    return this.heard.flatMap(({ event, payload }) =>
      event === "ReceiveMessage" && "text" in payload ? [String(payload.text)] : [],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.stop();
    await this.#hub.stop();
  }
}

function isEvent(name: string): name is ChatEventName {
  return Object.hasOwn(chatEvents, name);
}

/** @returns milliseconds until it was so */
export async function becomes(what: string, look: () => boolean, within: number): Promise<number> {
  const begun = performance.now();
  while (!look()) {
    if (performance.now() - begun > within) throw new Error(`Not within ${within} ms: ${what}`);
    await Bun.sleep(5);
  }
  return performance.now() - begun;
}
