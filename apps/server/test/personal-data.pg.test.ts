import { afterAll, expect, test } from "bun:test";
import { HubbubApi as Api, type HubbubApi } from "@hubbub/client";
import { type MediaId, newClientMessageId, newDeviceId, type UserId } from "@hubbub/contract";
import { SQL } from "bun";
import { generateSync } from "otplib";
import { createTestDatabase } from "../src/testing/database.ts";
import { MailServer } from "../src/testing/mail-server.ts";
import { png } from "../src/testing/sample-files.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";
import { newPerson, openHub, type Person } from "./crash/person.ts";

/** What deletion does with a column that names a person: `id` leaves the bare id, of which no more is kept. */
type Fate = "goes" | "id";

interface Kept {
  /** Columns in which a person's id stands. */
  readonly people: Readonly<Record<string, Fate>>;
  /** The section of the export, or why it has none. */
  readonly exported: string | { readonly not: string };
}

const others = (not: string) => ({ not });
const work = others("work under way, gone within minutes");

/** Every table of the database. One that is new stands here before this test passes: what becomes of whom it names? */
const catalogue: Readonly<Record<string, Kept | "nobody's">> = {
  users: { people: { id: "id" }, exported: "account" },
  // for a day, so that every node hears of their end
  sessions: { people: { user_id: "id" }, exported: "sessions" },
  refresh_tokens: "nobody's", // by its session
  hub_tickets: "nobody's",
  identities: { people: { user_id: "goes" }, exported: "identities" },
  passkeys: { people: { user_id: "goes" }, exported: "passkeys" },
  used_passkey_challenges: "nobody's",
  totp_secrets: { people: { user_id: "goes" }, exported: "secondFactor" },
  recovery_codes: { people: { user_id: "goes" }, exported: "secondFactor" },
  login_challenges: { people: { user_id: "goes" }, exported: work },
  registration_invites: { people: { created_by: "goes" }, exported: "registrationInvites" },
  mails: { people: { user_id: "goes" }, exported: work },
  mail_tokens: { people: { user_id: "goes" }, exported: work },
  user_settings: { people: { user_id: "goes" }, exported: "settings" },
  friendships: { people: { low_user_id: "goes", high_user_id: "goes", requested_by: "goes" }, exported: "friends" },
  blocks: { people: { user_id: "goes", blocked_id: "goes" }, exported: "blocks" },
  user_inbox: {
    people: { user_id: "goes", subject_id: "id", actor_id: "id" },
    exported: others("what its entries tell of is in the other sections"),
  },
  conversations: { people: { created_by: "id" }, exported: "conversations" },
  direct_conversations: { people: { low_user_id: "id", high_user_id: "id" }, exported: "conversations" },
  conversation_members: { people: { user_id: "id" }, exported: "conversations" },
  conversation_settings: { people: { user_id: "goes" }, exported: "conversations" },
  conversation_bans: { people: { user_id: "goes", banned_by: "id" }, exported: "bans" },
  conversation_invitations: { people: { user_id: "id", invited_by: "id" }, exported: "invitations" },
  conversation_invites: { people: { created_by: "id" }, exported: "inviteLinks" },
  conversation_receipts: "nobody's",
  messages: {
    people: {
      ...{ sender_id: "id", reply_to_sender_id: "id", mentions: "id", system: "id", reactions: "id", thread: "id" },
    },
    exported: "messages",
  },
  message_edits: "nobody's", // by its message
  message_reactions: { people: { user_id: "id" }, exported: "reactions" },
  message_mentions: { people: { user_id: "id", sender_id: "id" }, exported: "messages" },
  media: { people: { owner_id: "id" }, exported: "media" },
  message_media: "nobody's", // by its message
  conversation_changes: {
    people: { actor_id: "id", payload: "id" },
    exported: others("the log of conversations, which belongs to all in them"),
  },
  user_presence: { people: { user_id: "id" }, exported: "presence" },
  present_users: { people: { user_id: "goes" }, exported: work },
  outbox: { people: { user_id: "goes", actor_id: "goes", payload: "goes" }, exported: work },
  dead_letters: { people: {}, exported: others("failures of the server, for those who run it") },
  admin_audit: {
    people: { admin_id: "id", user_id: "id" },
    exported: others("what admins did, for those who run the server"),
  },
  presence_nodes: "nobody's",
  installation: "nobody's",
  jobs: "nobody's",
  schema_migrations: "nobody's",
};

const store = await createTestDatabase();
const mails = new MailServer();
const files = temporaryDirectory();
const server = await ServerProcess.start({
  dataDirectory: files.path,
  env: {
    DATABASE_URL: store.url,
    SMTP_URL: await mails.start(),
    HUBBUB_PUBLIC_URL: "https://chat.example.org",
    HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test",
  },
});
const sql = new SQL(store.url, { max: 2 });
afterAll(async () => {
  await server.stop();
  files.remove();
  await mails.stop();
  await sql.close();
  await store.drop();
});
const url = await server.url;
const password = "correct horse battery staple";

async function becomes(look: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await look())) {
    if (performance.now() > until) throw new Error("It did not become so within 20 seconds");
    await Bun.sleep(20);
  }
}

const tables = async (): Promise<string[]> =>
  (await sql`select tablename as name from pg_tables where schemaname = 'public'`).map(
    ({ name }: { name: string }) => name,
  );

/** Where any of the texts stands, in any case, as `table.column`. */
async function tracesOf(texts: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const table of await tables()) {
    const rows: { column: string }[] = await sql.unsafe(
      `select distinct f.key as column from "${table}" t cross join lateral jsonb_each_text(to_jsonb(t)) f
       where lower(f.value) like any($1::text[])`,
      [sql.array(texts.map((text) => `%${text.toLowerCase()}%`))],
    );
    for (const { column } of rows) found.add(`${table}.${column}`);
  }
  return found;
}

const columnsWith = (fits: (fate: Fate) => boolean): string[] =>
  Object.entries(catalogue).flatMap(([table, kept]) =>
    kept === "nobody's"
      ? []
      : Object.entries(kept.people).flatMap(([column, fate]) => (fits(fate) ? [`${table}.${column}`] : [])),
  );

const admin = await newPerson(url, "ada");
const ben = await newPerson(url, "ben");
const zoe = await newPerson(url, "zoe-marker");

/** What would tell who somebody was. */
const marks = [
  "zoe-marker",
  "Zoë Märker",
  "somebody from nowhere",
  "zoes phone",
  "zoes status",
  "zoes draft",
  "zoes-subject",
  "zoes passkey",
  "zoes face",
  "zoes other face",
];

const direct = async (one: Person, other: UserId): Promise<string> =>
  (await one.api.call("createConversation", { type: "direct", memberIds: [other] })).conversation.id;

const say = async (api: HubbubApi, conversationId: string, text: string, more: object = {}) =>
  (await api.call("sendMessage", { conversationId, clientMessageId: newClientMessageId(), text, ...more })).message;

async function uploadPicture(api: HubbubApi, fileName: string): Promise<MediaId> {
  const bytes = png(3, 2);
  const input = { fileName, contentType: "image/png", size: bytes.length, purpose: "avatar" as const };
  const { media, upload } = await api.call("createMedia", input);
  await fetch(`${url}${new URL(upload.url).pathname}${new URL(upload.url).search}`, {
    ...{ method: upload.method, headers: upload.headers, body: bytes.slice() },
  });
  await api.call("confirmMedia", { mediaId: media.id });
  await becomes(async () => (await api.call("getMedia", { mediaId: media.id })).media.state === "active");
  return media.id;
}

/** Everything that somebody may leave behind, through the API, but for what takes another server to make. */
async function live(): Promise<void> {
  const { api, user } = zoe;
  await api.call("updateOwnUser", { displayName: "Zoë Märker", bio: "Somebody from nowhere", language: "de" });
  await api.call("updateOwnSettings", { privacy: { seeReceipts: "friends" } });
  await api.call("updateStatus", { presence: "busy", text: "Zoes status" });
  const phone = new Api({ baseUrl: url, deviceId: newDeviceId(), tokenDelivery: "body" });
  await phone.login({ login: "zoe-marker", password, deviceName: "Zoes phone" });
  await api.call("requestFriend", { userId: admin.user.id });
  await admin.api.call("requestFriend", { userId: user.id });
  await api.call("requestFriend", { userId: ben.user.id });
  await api.call("blockUser", { userId: (await newPerson(url, "cid")).user.id });
  await (await newPerson(url, "dan")).api.call("blockUser", { userId: user.id });
  const { id: later } = (await newPerson(url, "fay")).user; // the higher one of the two
  await api.call("requestFriend", { userId: later });
  await direct(zoe, later);
  await admin.api.call("updateAccount", { userId: user.id, isAdmin: true });
  for (const isAdmin of [true, false]) await api.call("updateAccount", { userId: later, isAdmin });
  await admin.api.call("updateAccount", { userId: user.id, isAdmin: false });

  const withAda = await direct(zoe, admin.user.id);
  const first = await say(api, withAda, "What I wrote");
  await api.call("editMessage", { messageId: first.id, text: "What I wrote, mended" });
  await say(admin.api, withAda, "An answer", { replyToId: first.id });
  await api.call("react", { messageId: first.id, emoji: "👍" });
  await api.call("updateConversationSettings", { conversationId: withAda, draft: "Zoes draft" });
  await say(api, await direct(zoe, user.id), "A note to myself");
  await api.call("updateOwnUser", { avatarMediaId: await uploadPicture(api, "Zoes face.png") });
  await uploadPicture(api, "Zoes other face.png");

  const members = [admin.user.id, ben.user.id];
  const { conversation } = await api.call("createConversation", { type: "group", title: "Ours", memberIds: members });
  const root = await say(api, conversation.id, "A thread of mine");
  await say(api, conversation.id, "More", { threadRootId: root.id });
  await say(admin.api, conversation.id, "To you", { mentions: [user.id] });
  await say(api, conversation.id, "And to you", { mentions: [admin.user.id] });
  await api.call("banMember", { conversationId: conversation.id, userId: ben.user.id });
  await api.call("inviteMembers", {
    conversationId: conversation.id,
    userIds: [(await newPerson(url, "eva")).user.id],
  });
  await api.call("createInvite", { conversationId: conversation.id });
  const theirs = async (title: string) =>
    (await admin.api.call("createConversation", { type: "group", title, memberIds: [] })).conversation.id;
  await admin.api.call("banMember", { conversationId: await theirs("Not for Zoe"), userId: user.id });
  await admin.api.call("inviteMembers", { conversationId: await theirs("For Zoe"), userIds: [user.id] });
  const once = await theirs("Where she was");
  await admin.api.call("addMembers", { conversationId: once, userIds: [user.id] });
  await say(api, once, "I was here too");
  await api.call("removeMember", { conversationId: once, userId: user.id });

  await api.call("changeEmail", { email: "zoe-marker@elsewhere.example", password });
  const { secret } = await api.call("setUpTotp", { password });
  await api.call("enableTotp", { code: generateSync({ secret }) });
  await new Api({ baseUrl: url, deviceId: newDeviceId() }).login({ login: "zoe-marker", password });
  await sql`insert into identities (provider, subject, user_id, email)
            values ('somewhere', 'zoes-subject', ${user.id}, 'zoe-marker@somewhere.example')`;
  await sql`insert into passkeys (id, user_id, credential_id, public_key, counter, backed_up, name, created_at)
            values (${crypto.randomUUID()}, ${user.id}, '\\x01', '\\x02', 0, false, 'Zoes passkey', now())`;
  await sql`insert into registration_invites (id, hash, created_by, expires_at, max_uses)
            values (${crypto.randomUUID()}, '\\x00', ${user.id}, now() + interval '1 day', 1)`;
  // as if no mail server took it
  await sql`insert into mails (id, kind, user_id, address, next_try_at, created_at)
            values (${crypto.randomUUID()}, 'verifyEmail', ${user.id}, 'zoe-marker@example.org', 'infinity', now())`;
}

const atRest = () =>
  becomes(async () => {
    const [{ waiting }] = await sql`
      select (select count(*) from outbox)::int
           + (select count(*) from mails where next_try_at < 'infinity')::int as waiting`;
    return waiting === 0;
  });

test("every column that names a person is listed; the export has what is theirs, and deletion leaves bare ids alone", async () => {
  expect((await tables()).toSorted()).toEqual(Object.keys(catalogue).toSorted());
  const references: { at: string }[] = await sql`
    select c.conrelid::regclass || '.' || a.attname as at from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
    where c.contype = 'f' and c.confrelid = 'users'::regclass`;
  const listed = columnsWith(() => true);
  for (const { at } of references) expect(listed).toContain(at);

  const hub = openHub(zoe);
  await hub.start();
  await live();
  await becomes(async () => (await tracesOf([zoe.user.id])).has("present_users.user_id"));
  await atRest();
  // the outbox is empty when all is done: what its rows name goes with them
  const lasting = (columns: string[]) => columns.filter((column) => !column.startsWith("outbox.")).toSorted();
  expect([...(await tracesOf([zoe.user.id]))].toSorted()).toEqual(lasting(listed));

  const data = await zoe.api.call("exportOwnData", {});
  const sections = new Set(Object.keys(data));
  for (const kept of Object.values(catalogue))
    if (kept !== "nobody's" && typeof kept.exported === "string") {
      expect(sections).toContain(kept.exported);
      expect(["null", "[]"], kept.exported).not.toContain(JSON.stringify(data[kept.exported]));
    }
  const exported = JSON.stringify(data);
  for (const mark of [...marks, "What I wrote", "What I wrote, mended", "A note to myself", "I was here too", "👍"])
    expect(exported.toLowerCase()).toContain(mark.toLowerCase());
  for (const secret of ["argon2id", "An answer", "To you", "Where she was"]) expect(exported).not.toContain(secret);

  await zoe.api.call("deleteOwnUser", { password });
  await mails.newest("zoe-marker@example.org", 2); // the farewell, after what was asked before
  await atRest();
  expect([...(await tracesOf([...marks, "A note to myself"]))]).toEqual([]);
  const uploads: { state: string }[] = await sql`select state from media where owner_id = ${zoe.user.id}`;
  expect(uploads).toHaveLength(2);
  for (const { state } of uploads) expect(["deleting", "deleted"]).toContain(state);
  expect([...(await tracesOf(["What I wrote, mended", "I was here too"]))]).toEqual(["messages.text"]);
  expect([...(await tracesOf([zoe.user.id]))].toSorted()).toEqual(columnsWith((fate) => fate === "id").toSorted());
  await hub.stop();
}, 60_000);

test("what a call under way left behind is gone a day later, and the ended sessions too", async () => {
  const { id } = zoe.user;
  await sql`update users set deleted_at = now() - interval '25 hours' where id = ${id}`;
  await sql`insert into user_settings (user_id) values (${id})`;
  await sql`insert into identities (provider, subject, user_id) values ('late', 'zoes-subject', ${id})`;
  const { conversation } = await admin.api.call("createConversation", { type: "group", title: "Late" });
  await sql`
    insert into conversation_members (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select lane, id, ${id}, 'member', 0, 1, 0, 0 from conversations where id = ${conversation.id}`;
  await sql`update conversations set member_count = 2 where id = ${conversation.id}`;
  await becomes(async () => {
    const { items } = await admin.api.call("listJobs", {});
    return items.find(({ name }) => name === "clean-up-sessions")?.state !== "running";
  });
  await admin.api.call("runJob", { name: "clean-up-sessions" });
  const left = ["user_settings.user_id", "identities.user_id", "sessions.user_id"];
  await becomes(async () => {
    const traces = await tracesOf([id]);
    return left.every((column) => !traces.has(column));
  });
  await becomes(async () => {
    const { items } = await admin.api.call("listMembers", { conversationId: conversation.id });
    return items.length === 1;
  });
});
