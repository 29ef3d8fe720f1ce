import { beforeAll, expect, test } from "bun:test";
import type { ConversationType, OperationName, Role } from "@hubbub/contract";
import { type Account, newAccount } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { failure } from "../src/failure.ts";
import type { HubClient } from "../src/hub.ts";
import { gif, upload } from "../src/media.ts";
import { api, connect, draft } from "../src/target.ts";

// Who may do what, written out. `+` may, `-` FORBIDDEN, `.` NOT_FOUND as for what does not exist, `L` LAST_OWNER,
// `D` NOT_FOR_DIRECT,
// `R` RECIPIENT_UNAVAILABLE. A line may hold for some kinds of conversation only.

const inGroupsAndChannels = `
                            owner  admin  member  blocked  banned  removed  stranger
read                          +      +      +       +        .        .        .
list members                  +      +      +       +        .        .        .
mark as read                  +      +      +       +        .        .        .
send                everyone  +      +      +       +        .        .        .
send                admins    +      +      -       -        .        .        .
upload for it       everyone  +      +      +       +        .        .        .
upload for it       admins    +      +      -       -        .        .        .
get a file of it              +      +      +       +        .        .        .
forward it there    everyone  +      +      +       +        .        .        .
forward it there    admins    +      +      -       -        .        .        .
see who read it               +      +      +       +        .        .        .
react                         +      +      +       +        .        .        .
edit a member's message       -      -      -       -        .        .        .
pin a message                 +      +      -       -        .        .        .
list pins                     +      +      +       +        .        .        .
delete a member's message     +      +      -       -        .        .        .
rename                        +      +      -       -        .        .        .
add someone                   +      +      -       -        .        .        .
remove a member               +      +      -       -        .        .        .
remove an admin               +      -      -       -        .        .        .
remove an owner               -      -      -       -        .        .        .
leave                         L      +      +       +        .        .        .
make a member admin           +      -      -       -        .        .        .
make a member owner           +      -      -       -        .        .        .
make an admin member          +      -      -       -        .        .        .
step down                     L      +      +       +        .        .        .
list bans                     +      +      -       -        .        .        .
ban a member                  +      +      -       -        .        .        .
ban an admin                  +      -      -       -        .        .        .
ban a stranger                +      +      -       -        .        .        .
lift a ban                    +      +      -       -        .        .        .
invite someone                +      +      -       -        .        .        .
make a link                   +      +      -       -        .        .        .
list links                    +      +      -       -        .        .        .
enter               private   +      +      +       +        .        .        .
enter               public    +      +      +       +        -        +        +
delete                        +      -      -       -        .        .        .
`;

const inDirectConversations = `
                            owner  blocked  stranger
read                          +      +        .
list members                  +      +        .
mark as read                  +      +        .
send                          +      R        .
upload for it                 +      R        .
get a file of it              +      +        .
forward it there              +      R        .
see who read it               +      +        .
react                         +      R        .
edit a member's message       -      -        .
pin a message                 +      R        .
list pins                     +      +        .
delete a member's message     -      -        .
rename                        D      D        .
add someone                   D      D        .
remove a member               D      D        .
leave                         D      D        .
make a member admin           D      D        .
step down                     D      D        .
list bans                     D      D        .
ban a member                  D      D        .
ban a stranger                D      D        .
lift a ban                    D      D        .
invite someone                D      D        .
make a link                   D      D        .
list links                    D      D        .
enter                         +      +        .
delete                        +      +        .
`;

const codes = {
  "+": "ok",
  "-": "FORBIDDEN",
  ".": "NOT_FOUND",
  L: "LAST_OWNER",
  D: "NOT_FOR_DIRECT",
  R: "RECIPIENT_UNAVAILABLE",
} as const;
type Mark = keyof typeof codes;
const isMark = (text: string): text is Mark => Object.hasOwn(codes, text);

interface Cell {
  readonly act: string;
  readonly onlyWhere: string | undefined;
  readonly person: string;
  readonly expected: string;
}

function cellsOf(table: string): Cell[] {
  const [head = "", ...lines] = table.trim().split("\n");
  const people = head.trim().split(/\s+/);
  return lines.flatMap((line) => {
    const parts = line.trim().split(/\s{2,}/);
    const marks = parts.filter(isMark);
    const [act = "", onlyWhere] = parts.filter((part) => !isMark(part));
    return people.map((person, index) => {
      const mark = marks[index];
      if (mark === undefined || marks.length !== people.length) throw new Error(`A cell is missing: ${line}`);
      return { act, onlyWhere, person, expected: codes[mark] };
    });
  });
}

const people = new Map<string, Account>();
const hubs = new Map<string, HubClient>();
const account = (name: string): Account => people.get(name) ?? fail(name);
const idOf = (name: string): string => account(name).user.id;

function fail(name: string): never {
  throw new Error(`There is no ${name}`);
}

beforeAll(async () => {
  const acting = ["owner", "admin", "member", "blocked", "banned", "removed", "stranger"];
  const acted = ["second-owner", "second-admin", "target", "outsider"];
  for (const name of [...acting, ...acted]) people.set(name, await newAccount(api, name));
  for (const name of acting) hubs.set(name, await connect(account(name)));
  for (const name of ["owner", "target"]) await block(account(name));
});

const block = ({ token }: Account) => api.call("blockUser", { userId: idOf("blocked") }, token);

interface Kind {
  readonly type: ConversationType;
  readonly visibility?: "public" | "private";
  readonly posting?: "everyone" | "admins";
}

interface Room {
  readonly conversationId: string;
  readonly messageId: string;
  /** Of that message, where one is needed. */
  readonly mediaId: string | undefined;
}

interface Needs {
  /** Only to be acted upon: with one, the first would not be the last. */
  readonly secondOwner: boolean;
  readonly file: boolean;
}

async function build({ type, ...fields }: Kind, needs: Needs): Promise<Room> {
  const { token } = account("owner");
  if (type === "direct") return buildDirect("owner", needs);
  const names = ["admin", "member", "blocked", "second-admin", "target", "banned", "removed"];
  if (needs.secondOwner) names.push("second-owner");
  const input = { type, title: "Room", memberIds: names.map(idOf), historyVisibility: "all" as const };
  const { conversation } = await api.call("createConversation", input, token);
  const conversationId = conversation.id;
  const sent = await write(conversationId, needs);
  const promote = (name: string, role: Role) =>
    api.call("changeMemberRole", { conversationId, userId: idOf(name), role }, token);
  await Promise.all([
    promote("admin", "admin"),
    promote("second-admin", "admin"),
    ...(needs.secondOwner ? [promote("second-owner", "owner")] : []),
    api.call("banMember", { conversationId, userId: idOf("banned") }, token),
    api.call("removeMember", { conversationId, userId: idOf("removed") }, token),
    ...(fields.posting === "admins" || fields.visibility === "public"
      ? [api.call("updateConversation", { conversationId, ...fields }, token)]
      : []),
  ]);
  return { conversationId, ...sent };
}

/** By the target. */
async function write(conversationId: string, { file }: Needs): Promise<Pick<Room, "messageId" | "mediaId">> {
  const media = file ? await upload(account("target"), { conversationId }) : undefined;
  const input = { ...draft(conversationId, "x"), ...(media && { mediaIds: [media.id] }) };
  const { message } = await api.call("sendMessage", input, account("target").token);
  return { messageId: message.id, mediaId: media?.id };
}

/** Between this person and the target. */
async function buildDirect(name: "owner" | "blocked", needs: Needs): Promise<Room> {
  const target = account("target");
  if (name === "blocked") await api.call("unblockUser", { userId: idOf(name) }, target.token);
  const input = { type: "direct" as const, memberIds: [idOf("target")] };
  const { conversation } = await api.call("createConversation", input, account(name).token);
  const sent = await write(conversation.id, needs);
  if (name === "blocked") await block(target);
  return { conversationId: conversation.id, ...sent };
}

type Act = (room: Room, self: string) => readonly [OperationName, object];

const acts: Record<string, Act> = {
  read: ({ conversationId }) => ["getConversation", { conversationId }],
  "list members": ({ conversationId }) => ["listMembers", { conversationId }],
  "mark as read": ({ conversationId }) => ["markMessageAsRead", { conversationId, seq: 1 }],
  send: ({ conversationId }) => ["sendMessage", draft(conversationId, "Hello")],
  "upload for it": ({ conversationId }) => [
    "createMedia",
    { fileName: "a.gif", contentType: "image/gif", size: gif.length, conversationId },
  ],
  "get a file of it": ({ mediaId }) => ["getMediaUrl", { mediaId }],
  "forward it there": ({ conversationId, messageId }) => [
    "forwardMessage",
    { messageId, conversationIds: [conversationId] },
  ],
  "see who read it": ({ messageId }) => ["listMessageReceipts", { messageId }],
  react: ({ messageId }) => ["react", { messageId, emoji: "👍" }],
  "pin a message": ({ messageId }) => ["pinMessage", { messageId }],
  "list pins": ({ conversationId }) => ["listPins", { conversationId }],
  "edit a member's message": ({ messageId }) => ["editMessage", { messageId, text: "Mine" }],
  "delete a member's message": ({ messageId }) => ["deleteMessage", { messageId }],
  rename: ({ conversationId }) => ["updateConversation", { conversationId, title: "New" }],
  "add someone": ({ conversationId }) => ["addMembers", { conversationId, userIds: [idOf("outsider")] }],
  "remove a member": ({ conversationId }) => ["removeMember", { conversationId, userId: idOf("target") }],
  "remove an admin": ({ conversationId }) => ["removeMember", { conversationId, userId: idOf("second-admin") }],
  "remove an owner": ({ conversationId }) => ["removeMember", { conversationId, userId: idOf("second-owner") }],
  leave: ({ conversationId }, self) => ["removeMember", { conversationId, userId: self }],
  "make a member admin": ({ conversationId }) => changeRole(conversationId, idOf("target"), "admin"),
  "make a member owner": ({ conversationId }) => changeRole(conversationId, idOf("target"), "owner"),
  "make an admin member": ({ conversationId }) => changeRole(conversationId, idOf("second-admin"), "member"),
  "step down": ({ conversationId }, self) => changeRole(conversationId, self, "member"),
  "list bans": ({ conversationId }) => ["listBans", { conversationId }],
  "ban a member": ({ conversationId }) => ["banMember", { conversationId, userId: idOf("target") }],
  "ban an admin": ({ conversationId }) => ["banMember", { conversationId, userId: idOf("second-admin") }],
  "ban a stranger": ({ conversationId }) => ["banMember", { conversationId, userId: idOf("outsider") }],
  "lift a ban": ({ conversationId }) => ["unbanMember", { conversationId, userId: idOf("banned") }],
  "invite someone": ({ conversationId }) => ["inviteMembers", { conversationId, userIds: [idOf("outsider")] }],
  "make a link": ({ conversationId }) => ["createInvite", { conversationId }],
  "list links": ({ conversationId }) => ["listInvites", { conversationId }],
  enter: ({ conversationId }) => ["joinChannel", { conversationId }],
  delete: ({ conversationId }) => ["deleteConversation", { conversationId }],
};

const changeRole = (conversationId: string, userId: string, role: Role) =>
  ["changeMemberRole", { conversationId, userId, role }] as const;

/** What the hub answers, for what it offers; before REST, so that it meets the same state. */
async function byHub([name, input]: readonly [OperationName, object], hub: HubClient): Promise<string | undefined> {
  switch (name) {
    case "sendMessage":
    case "react":
    case "editMessage":
    case "deleteMessage":
    case "markMessageAsRead": {
      const outcome = hub.call(name, Object(input)).then(() => "ok: ");
      return /(\w+): /.exec(await outcome.catch(() => failure(outcome)))?.[1];
    }
    default:
      return undefined;
  }
}

const kinds: readonly Kind[] = [
  { type: "group", posting: "everyone" },
  { type: "group", posting: "admins" },
  { type: "channel", visibility: "private", posting: "everyone" },
  { type: "channel", visibility: "private", posting: "admins" },
  { type: "channel", visibility: "public", posting: "everyone" },
  { type: "channel", visibility: "public", posting: "admins" },
  { type: "direct" },
];

test.each(kinds)(
  "[C1] [C2] whoever may do what is as the table says, by REST and by the hub: %p",
  async (kind) => {
    const { type, visibility = "private", posting } = kind;
    const cells = cellsOf(type === "direct" ? inDirectConversations : inGroupsAndChannels).filter(
      ({ onlyWhere }) => onlyWhere === undefined || onlyWhere === visibility || onlyWhere === posting,
    );
    const rooms = new Map<string, Room>();
    for (const { act, person, expected } of cells) {
      const isBlocked = type === "direct" && person === "blocked";
      const needs = { secondOwner: act === "remove an owner", file: act === "get a file of it" };
      const which = `${isBlocked} ${needs.secondOwner} ${needs.file}`;
      const room = rooms.get(which) ?? (await (isBlocked ? buildDirect("blocked", needs) : build(kind, needs)));
      rooms.set(which, room);
      const call = (acts[act] ?? fail(act))(room, idOf(person));
      const hub = await byHub(call, hubs.get(person) ?? fail(person));
      const answer = await api.send(call[0], call[1], { token: account(person).token });
      const rest = answer.status < 300 ? "ok" : problemOf(answer).code;
      expect({ act, person, rest, hub: hub ?? rest }).toEqual({ act, person, rest: expected, hub: expected });
      // the next one finds everything as it was
      if (
        rest === "ok" &&
        !["listMessageReceipts", "getMediaUrl", "createMedia"].includes(call[0]) &&
        !["getConversation", "listMembers", "listPins", "listBans", "listInvites"].includes(call[0])
      )
        rooms.clear();
    }
  },
  60_000,
);
