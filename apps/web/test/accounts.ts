import { HubbubApi } from "@hubbub/client";
import { type Conversation, type Message, newClientMessageId, newDeviceId, type User } from "@hubbub/contract";
import { expect } from "@playwright/test";
import { entryPatience, nameOf, openWindow, type Person, password } from "./people.ts";

/** Someone who acts beside the page, for doing much. */
export class Account {
  readonly user: User;
  readonly api: HubbubApi;

  private constructor(user: User, api: HubbubApi) {
    this.user = user;
    this.api = api;
  }

  /** Registers and signs in. */
  static async create(url: string, username: string): Promise<Account> {
    const api = new HubbubApi({ baseUrl: url, deviceId: newDeviceId(), tokenDelivery: "body" });
    const email = `${username}@example.org`;
    const { user } = await api.call("register", { username, email, password, displayName: nameOf(username) });
    await api.login({ login: username, password });
    return new Account(user, api);
  }

  async start(type: Conversation["type"], members: readonly Account[], title?: string): Promise<Conversation> {
    const memberIds = members.map(({ user }) => user.id);
    const input = { type, memberIds, ...(title !== undefined && { title }) };
    return (await this.api.call("createConversation", input)).conversation;
  }

  async write({ id }: Pick<Conversation, "id">, text: string): Promise<Message> {
    const clientMessageId = newClientMessageId();
    return (await this.api.call("sendMessage", { conversationId: id, clientMessageId, text })).message;
  }
}

/** Opens a window, in which someone who is registered signs in. */
export async function logIn(url: string, username: string, ...opening: Parameters<typeof openWindow>): Promise<Person> {
  const person = await openWindow(...opening);
  const { page } = person;
  await page.goto(url);
  await page.getByLabel("Username or e-mail").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeAttached({ timeout: entryPatience });
  return person;
}
