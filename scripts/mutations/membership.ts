import { features, type Mutation } from "./mutation.ts";

const folder = `${features}/conversations`;
const caughtBy = "membership";

/** Who may say who is in a conversation, and what is of it. */
export const membership: readonly Mutation[] = [
  {
    ...{ name: "whoever is no member changes a conversation", caughtBy, seed: 220033117 },
    file: `${folder}/lock-conversation.ts`,
    find: `if (conversation === undefined || role === undefined) throw new Refused({ code: "NOT_FOUND" });`,
    replace: `if (conversation === undefined) throw new Refused({ code: "NOT_FOUND" });
  if (role === undefined) return { ...conversation, role: "owner" };`,
  },
  {
    ...{ name: "who left changes a conversation", caughtBy, seed: 1220033117 },
    file: `${folder}/lock-conversation.ts`,
    find: `    .where("user_id", "=", userId)
    .where("left_pts", "is", null)`,
    replace: `    .where("user_id", "=", userId)`,
  },
  {
    ...{ name: "members post where admins do", caughtBy, seed: 452488933 },
    file: "apps/server/src/infrastructure/postgres/migrations/0034-media-in-messages.sql",
    find: "when c.posting = 'admins' and m.role = 'member' then 'FORBIDDEN'",
    replace: "",
  },
  {
    ...{ name: "who removes stands as high", caughtBy, seed: 923568806 },
    file: `${folder}/permissions.ts`,
    find: "RANK[actor.role] <= RANK[targetRole]",
    replace: "RANK[actor.role] < RANK[targetRole]",
  },
  {
    ...{ name: "members change the settings", caughtBy, seed: 1453222105 },
    file: `${folder}/permissions.ts`,
    find: `update: row("none", "admins", "admins"),`,
    replace: `update: row("none", "members", "members"),`,
  },
  {
    ...{ name: "members invite", caughtBy, seed: 1740919056 },
    file: `${folder}/permissions.ts`,
    find: `invite: row("none", "admins", "admins"),`,
    replace: `invite: row("none", "members", "members"),`,
  },
  {
    ...{ name: "members make, revoke and list links", caughtBy, seed: 1207817042 },
    file: `${folder}/permissions.ts`,
    find: `manageLinks: row("none", "admins", "admins"),`,
    replace: `manageLinks: row("none", "members", "members"),`,
  },
  {
    ...{ name: "anybody revokes a link", caughtBy, seed: 207817042 },
    file: `${folder}/revoke-invite.ts`,
    find: `demand(may("manageLinks", locked));`,
    replace: `demand(may("read", locked));`,
  },
  {
    ...{ name: "members list links", caughtBy, seed: 307817042 },
    file: `${folder}/list-invites.ts`,
    find: `await mayRead(db, conversationId, userId, "manageLinks");`,
    replace: `await mayRead(db, conversationId, userId, "read");`,
  },
  {
    ...{ name: "members list who is banned", caughtBy, seed: 407817042 },
    file: `${folder}/list-bans.ts`,
    find: `await mayRead(db, conversationId, userId, "ban");`,
    replace: `await mayRead(db, conversationId, userId, "read");`,
  },
  {
    ...{ name: "who left lists links and bans", caughtBy, seed: 507817042 },
    file: `${folder}/find-membership.ts`,
    find: `.where("m.left_pts", "is", null)`,
    replace: "",
  },
  {
    ...{ name: "members add", caughtBy, seed: 1675365041 },
    file: `${folder}/permissions.ts`,
    find: `addMember: row("none", "admins", "admins"),`,
    replace: `addMember: row("none", "members", "members"),`,
  },
  {
    ...{ name: "members ban", caughtBy, seed: 213376760 },
    file: `${folder}/permissions.ts`,
    find: `ban: row("none", "admins", "admins"),`,
    replace: `ban: row("none", "members", "members"),`,
  },
  {
    ...{ name: "admins give roles", caughtBy, seed: 885489192 },
    file: `${folder}/permissions.ts`,
    find: `changeRole: row("none", "owners", "owners"),`,
    replace: `changeRole: row("none", "admins", "admins"),`,
  },
  {
    ...{ name: "admins end a conversation", caughtBy, seed: 607817042 },
    file: `${folder}/permissions.ts`,
    find: `deleteForEveryone: row("none", "owners", "owners"),`,
    replace: `deleteForEveryone: row("none", "admins", "admins"),`,
  },
  {
    ...{ name: "a conversation that has ended goes on for its members", caughtBy, seed: 707817042 },
    file: `${folder}/delete-conversation.ts`,
    find: `"conversation_members", "conversation_bans"`,
    replace: `"conversation_bans"`,
  },
  {
    ...{ name: "the last owner leaves and steps down", caughtBy, seed: 190013191 },
    file: `${folder}/permissions.ts`,
    find: `role === "owner" && otherOwners === 0;`,
    replace: `role === "owner" && otherOwners < 0;`,
  },
  {
    ...{ name: "a banned person enters all the same", caughtBy, seed: 2072193439 },
    file: `${folder}/enter-conversation.ts`,
    find: `if (banned !== undefined) throw`,
    replace: `if (banned === null) throw`,
  },
  {
    ...{ name: "anybody enters a private channel", caughtBy, seed: 807817042 },
    file: `${folder}/join-channel.ts`,
    find: `if (conversation.visibility !== "public") throw`,
    replace: `if (conversation.visibility === undefined) throw`,
  },
  {
    ...{ name: "a newcomer sees what was said before", caughtBy, seed: 2051896724 },
    file: `${folder}/enter-conversation.ts`,
    find: `historyVisibility === "sinceJoined" ? seq + 1 : 1;`,
    replace: `historyVisibility === "sinceJoined" ? 1 : 1;`,
  },
  {
    ...{ name: "who comes back sees from where they came first", caughtBy, seed: 907817042 },
    file: `${folder}/enter-conversation.ts`,
    find: "      visible_from_seq = excluded.visible_from_seq, read_seq",
    replace: "      read_seq",
  },
  {
    ...{ name: "who comes back has the role of old", caughtBy, seed: 1007817042 },
    file: `${folder}/enter-conversation.ts`,
    find: "      role = 'member', joined_at = now(),",
    replace: "      joined_at = now(),",
  },
  {
    ...{ name: "a link's uses are not counted", caughtBy, seed: 1403291629 },
    file: `${folder}/accept-invite.ts`,
    find: `update("uses", "+", 1)`,
    replace: `update("uses", "+", 0)`,
  },
  {
    ...{ name: "a link works after it was revoked", caughtBy, seed: 1103291629 },
    file: `${folder}/invites.ts`,
    find: "revoked_at is null and coalesce(expires_at",
    replace: "coalesce(expires_at",
  },
  {
    ...{ name: "an invitation is answered by another than who is invited", caughtBy, seed: 1203291629 },
    file: `${folder}/answer-invitation.ts`,
    find: `.where("i.user_id", "=", userId)`,
    replace: "",
  },
  {
    ...{ name: "a role's change takes no pts", caughtBy, seed: 1303291629 },
    file: `${folder}/change-member-role.ts`,
    find: "if (from === to) return",
    replace: "if (from !== undefined) return",
  },
  {
    ...{ name: "a setting's change takes no pts", caughtBy, seed: 1503291629 },
    file: `${folder}/update-conversation.ts`,
    find: "return { changes, value: null };",
    replace: "return { changes: [], value: null };",
  },
  {
    ...{ name: "all changes of one transaction take one pts", caughtBy, seed: 1603291629 },
    file: "apps/server/src/infrastructure/postgres/migrations/0034-media-in-messages.sql",
    find: "set pts = c.pts + t.changes,",
    replace: "set pts = c.pts + 1,",
  },
];
