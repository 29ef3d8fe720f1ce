import { features, type Mutation, migrations } from "./mutation.ts";

const messages = `${features}/messages`;
const caughtBy = "people";

/** Who reaches whom: the doors of direct conversations, and what stands behind them. */
export const people: readonly Mutation[] = [
  {
    ...{ name: "a direct message reaches whoever keeps its sender away", caughtBy, seed: 1122112211 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: `when c.type = 'direct' and direct_refusal(i.lane, i.conversation_id, i.sender_id, friends_only) is not null
               then 'RECIPIENT_UNAVAILABLE'`,
    replace: "",
  },
  {
    ...{ name: "an edit reaches whoever keeps its sender away", caughtBy, seed: 1133113311 },
    file: `${messages}/edit-message.ts`,
    find: "if (!reaches.ok) return reaches;",
    replace: "",
  },
  {
    ...{ name: "a reaction reaches whoever keeps its sender away", caughtBy, seed: 1144114411 },
    file: `${messages}/react.ts`,
    find: "if (!reaches.ok) return reaches;\n        if (await hasReacted",
    replace: "if (await hasReacted",
  },
  {
    ...{ name: "the end of a reaction reaches whoever keeps its sender away", caughtBy, seed: 1155115511 },
    file: `${messages}/react.ts`,
    find: "if (!reaches.ok) return reaches;\n        if (!(await hasReacted",
    replace: "if (!(await hasReacted",
  },
  {
    ...{ name: "a pin reaches whoever keeps its sender away", caughtBy, seed: 1166116611 },
    file: `${messages}/pin-message.ts`,
    find: "return reaches.ok ? decide(tx, message, conversation) : reaches;",
    replace: "return decide(tx, message, conversation);",
  },
  {
    ...{ name: "one of two deletes what the other wrote", caughtBy, seed: 1177117711 },
    file: `${features}/conversations/permissions.ts`,
    find: `deleteOthersMessage: row("nobody", "admins", "admins"),`,
    replace: `deleteOthersMessage: row("members", "admins", "admins"),`,
  },
  {
    ...{ name: "neither of two pins", caughtBy, seed: 1188118811 },
    file: `${features}/conversations/permissions.ts`,
    find: `pin: row("members", "admins", "admins"),`,
    replace: `pin: row("nobody", "admins", "admins"),`,
  },
  {
    ...{ name: "one writes to whom one blocked", caughtBy, seed: 1199119911 },
    file: `${migrations}/0027-accounts-that-end.sql`,
    find: "and not exists (select 1 from blocks b where b.user_id = sender and b.blocked_id = recipient)",
    replace: "",
  },
  {
    ...{ name: "one writes to who blocked one, or lets friends alone write", caughtBy, seed: 1211121112 },
    file: `${migrations}/0027-accounts-that-end.sql`,
    find: "and admits(recipient, 'writeToMe', sender)",
    replace: "",
  },
  {
    ...{ name: "one writes to who blocked one", caughtBy, seed: 1222122212 },
    file: `${migrations}/0013-people.sql`,
    find: "if exists (select 1 from blocks b where b.user_id = person and b.blocked_id = other) then",
    replace: "if false then",
  },
  {
    ...{ name: "strangers write where friends alone may", caughtBy, seed: 1233123312 },
    file: `${migrations}/0027-accounts-that-end.sql`,
    find: "and (not friends_only or are_friends(sender, recipient)));",
    replace: ");",
  },
  {
    ...{ name: "strangers write to who lets friends alone write", caughtBy, seed: 1244124412 },
    file: `${migrations}/0013-people.sql`,
    find: "when 'friends' then are_friends(person, other)",
    replace: "when 'friends' then true",
  },
  {
    ...{ name: "who was only asked is a friend", caughtBy, seed: 1255125512 },
    file: `${migrations}/0013-people.sql`,
    find: "f.high_user_id = greatest(one, other) and f.status = 'accepted')",
    replace: "f.high_user_id = greatest(one, other))",
  },
  {
    ...{ name: "blocking ends no friendship", caughtBy, seed: 1266126612 },
    file: `${features}/people/friendship.ts`,
    find: "if (!waits) return { next: undefined,",
    replace: "if (!waits) return { next: friendship,",
  },
  {
    ...{ name: "who blocked one sees what one asks", caughtBy, seed: 1277127712 },
    file: `${features}/people/friendship.ts`,
    find: "requested(actor, peerBlocks ? peer : null, now);",
    replace: "requested(actor, null, now);",
  },
  {
    ...{ name: "what was declined is asked again at once", caughtBy, seed: 1288128812 },
    file: `${features}/people/friendship.ts`,
    find: `status === "declined" && now.getTime() - changedAt.getTime() >= REPEAT_AFTER_MS;`,
    replace: `status === "declined" && now.getTime() >= changedAt.getTime();`,
  },
  {
    ...{ name: "one accepts what one asked oneself", caughtBy, seed: 1299129912 },
    file: `${features}/people/friendship.ts`,
    find: `friendship?.status !== "requested" || friendship.requestedBy !== peer ||`,
    replace: `friendship?.status !== "requested" ||`,
  },
  {
    ...{ name: "a friend is told and takes no userPts", caughtBy, seed: 1311131113 },
    file: `${migrations}/0013-people.sql`,
    find: "update users u set user_pts = u.user_pts + t.entries",
    replace: "update users u set user_pts = u.user_pts",
  },
];
