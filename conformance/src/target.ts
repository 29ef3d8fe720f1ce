import { setDefaultTimeout } from "bun:test";
import type { Conversation, HubName } from "@hubbub/contract";
import { runServer } from "@hubbub/run-server";
import { type Account, newAccount } from "./account.ts";
import { Api } from "./api.ts";
import { HubClient } from "./hub.ts";

setDefaultTimeout(30_000);

const given = process.env["HUBBUB_URL"]?.replace(/\/$/, "");
const own = given === undefined ? await runServer() : undefined;

/** Where the server under test is. */
export const url = given ?? own?.url ?? "";
export const api = new Api(url);

/** Ends the server if it was started for this run. */
export const stopServer = async (): Promise<void> => own?.stop();

/** People whom every suite may use, each suite with conversations of its own. */
export const [alice, bob, carol, dave] = await Promise.all([
  newAccount(api, "alice"),
  newAccount(api, "bob"),
  newAccount(api, "carol"),
  newAccount(api, "dave"),
]);

export const connect = (account: Account, hub: HubName = "chat"): Promise<HubClient> =>
  HubClient.open(url, account.token, false, hub);

/** A group whose first person is its owner. */
export async function newGroup(owner: Account, ...members: readonly Account[]): Promise<Conversation> {
  const memberIds = members.map((member) => member.user.id);
  return (await api.call("createConversation", { type: "group", title: "Group", memberIds }, owner.token)).conversation;
}

/** A private channel: its history begins with what people say. */
export async function newChannel(owner: Account, ...members: readonly Account[]): Promise<Conversation> {
  const memberIds = members.map((member) => member.user.id);
  const input = { type: "channel" as const, title: "Channel", memberIds };
  return (await api.call("createConversation", input, owner.token)).conversation;
}

/** What a message of this text needs besides. */
export const draft = (conversationId: string, text: string, clientMessageId: string = crypto.randomUUID()) => ({
  conversationId,
  clientMessageId,
  text,
});
