import type { ChatStore, Conversations } from "@hubbub/client";
import type { ConversationId, Message } from "@hubbub/contract";
import { conversationPath } from "../chat/index.ts";
import { messageLine, titleOf } from "../conversations/index.ts";
import { alertsOf } from "./alert-rule.ts";
import { deviceAlerts } from "./device-alerts.ts";
import { isWatchedSomewhere } from "./watched.ts";

/** Whoever looks at a conversation has read a message before an alert of it would show, milliseconds. */
const patience = 400;

/** Alerts of what others write while nobody looks, by one window of a browser: one alert a conversation, until it is read. */
export class DesktopAlerts {
  readonly #store: ChatStore;
  readonly #ends = new AbortController();
  #known: Conversations = new Map();

  constructor(store: ChatStore) {
    this.#store = store;
  }

  /** What was missed before this is news for nobody. */
  async start(): Promise<void> {
    const { signal } = this.#ends;
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    const lead = async (): Promise<void> => {
      await Promise.race([this.#store.caughtUp(), stopped]);
      if (signal.aborted) return;
      this.#known = this.#store.getSnapshot().conversations;
      const end = this.#store.subscribe(() => this.#look());
      await stopped;
      end();
      await this.#close(() => true);
    };
    const name = `hubbub.alerts.${this.#store.getSnapshot().ownId}`;
    // given up before it came to lead
    await navigator.locks.request(name, { signal }, lead).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  stop(): void {
    this.#ends.abort();
  }

  #look(): void {
    const { conversations } = this.#store.getSnapshot();
    const known = this.#known;
    this.#known = conversations;
    if (conversations === known) return;
    for (const [id, state] of conversations) {
      const before = known.get(id);
      if (before === state) continue;
      const since = before?.conversation.seq ?? state.conversation.me.visibleFromSeq - 1;
      if (state.conversation.seq > since) void this.#alert(id, since);
      const { unread, unreadMentions } = state.conversation.me;
      const waited = before?.conversation.me;
      if (unread + unreadMentions === 0 && waited !== undefined && waited.unread + waited.unreadMentions > 0)
        void this.#close((tag) => tag === id);
    }
  }

  async #alert(id: ConversationId, since: number): Promise<void> {
    if (deviceAlerts() !== "on") return;
    await new Promise((resolve) => setTimeout(resolve, patience));
    const { conversations, people, users, ownId } = this.#store.getSnapshot();
    const state = conversations.get(id);
    if (state === undefined || people === undefined || this.#ends.signal.aborted) return;
    const { conversation, messages } = state;
    const isNews = (message: Message): boolean =>
      message.seq > since && alertsOf(message, state, people, ownId, new Date());
    const message = messages.findLast(isNews) ?? [conversation.lastMessage].find((last) => last && isNews(last));
    if (message === undefined || (await isWatchedSomewhere(id))) return;
    const title = titleOf(conversation, ownId);
    const body = people.settings.notifications.preview
      ? messageLine(message, conversation, ownId, users)
      : "New message";
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.showNotification(title, {
      ...{ body, tag: id, icon: "/icon-192.png", data: conversationPath(id) },
      // TypeScript's library lacks it: without it a second message of a conversation would come unheard
      ...{ renotify: true },
    });
  }

  async #close(isMeant: (tag: string) => boolean): Promise<void> {
    const registration = await navigator.serviceWorker.getRegistration();
    for (const shown of (await registration?.getNotifications()) ?? []) if (isMeant(shown.tag)) shown.close();
  }
}
