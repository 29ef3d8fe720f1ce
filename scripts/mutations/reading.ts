import { features, type Mutation, migrations } from "./mutation.ts";

const conversations = `${features}/conversations`;
const messages = `${features}/messages`;
const caughtBy = "messages";

/** Who sees what, and what is counted of it. */
export const reading: readonly Mutation[] = [
  {
    ...{ name: "a message by its id is seen by who left", caughtBy, seed: 1482673092 },
    file: `${messages}/visible-message.ts`,
    find: "and me.left_pts is null and me.visible_from_seq <= x.seq",
    replace: "and me.visible_from_seq <= x.seq",
  },
  {
    ...{ name: "a message by its id is seen from before one came", caughtBy, seed: 1560946720 },
    file: `${messages}/visible-message.ts`,
    find: "and me.left_pts is null and me.visible_from_seq <= x.seq",
    replace: "and me.left_pts is null",
  },
  {
    ...{ name: "history begins before one came", caughtBy, seed: 112651183 },
    file: `${messages}/list-messages.ts`,
    find: "x.conversation_id = me.conversation_id and x.seq >= me.visible_from_seq",
    replace: "x.conversation_id = me.conversation_id",
  },
  {
    ...{ name: "who left reads history", caughtBy, seed: 556677889 },
    file: `${messages}/list-messages.ts`,
    find: `and me.user_id = \${userId} and me.left_pts is null`,
    replace: `and me.user_id = \${userId}`,
  },
  {
    ...{ name: "a thread is listed whose root one does not see", caughtBy, seed: 158510557 },
    file: `${messages}/list-messages.ts`,
    find: "and root.conversation_id = me.conversation_id and root.seq >= me.visible_from_seq`",
    replace: "and root.conversation_id = me.conversation_id`",
  },
  {
    ...{ name: "replies are in the main history", caughtBy, seed: 1010120202 },
    file: `${messages}/list-messages.ts`,
    find: 'threads === "include" ? sql`true` : sql`x.thread_root_seq is null`',
    replace: 'threads === "include" ? sql`true` : sql`x.seq > 0`',
  },
  {
    ...{ name: "pins from before one came are listed", caughtBy, seed: 222444666 },
    file: `${messages}/list-pins.ts`,
    find: "\n         and x.seq >= me.visible_from_seq",
    replace: "",
  },
  {
    ...{ name: "who left lists pins", caughtBy, seed: 1222444666 },
    file: `${messages}/list-pins.ts`,
    find: `and me.user_id = \${userId} and me.left_pts is null`,
    replace: `and me.user_id = \${userId}`,
  },
  {
    ...{ name: "changes to what some do not see are pushed to all", caughtBy, seed: 773128678 },
    file: `${messages}/change-message.ts`,
    find: `.where("visible_from_seq", ">", message.seq)`,
    replace: `.where("visible_from_seq", "<", 0)`,
  },
  {
    ...{ name: "the log tells of messages from before one came", caughtBy, seed: 675840398 },
    file: `${features}/sync/read-changes.ts`,
    find: "c.seq is not null and c.seq < w.visible_from_seq as hidden",
    replace: "false as hidden",
  },
  {
    ...{ name: "the log tells what messages from before one came say", caughtBy, seed: 1675840398 },
    file: `${features}/sync/read-changes.ts`,
    find: "if (row.hidden) return",
    replace: 'if (row.hidden && row.event === "ReactionAdded") return',
  },
  {
    ...{ name: "who left reads the log", caughtBy, seed: 1324354657 },
    file: `${features}/sync/list-changes.ts`,
    find: `.where("m.left_pts", "is", null)`,
    replace: "",
  },
  {
    ...{ name: "who left is told by sync", caughtBy, seed: 1768594030 },
    file: `${features}/sync/sync.ts`,
    find: "\n    where m.left_pts is null\n",
    replace: "\n    where true\n",
  },
  {
    ...{ name: "retention is not told by sync", caughtBy, seed: 723198442 },
    file: `${features}/sync/catch-up.ts`,
    find: `if (afterPts < head.forgotten_pts) return "tooFar";`,
    replace: "",
  },
  {
    ...{ name: "who left sees and lists a conversation", caughtBy, seed: 1425364758 },
    file: `${conversations}/conversation-view.ts`,
    find: `where m.left_pts is null and \${page}`,
    replace: `where \${page}`,
  },
  {
    ...{ name: "the list shows a last message from before one came", caughtBy: "membership", seed: 998877665 },
    file: `${conversations}/conversation-view.ts`,
    find: "x.conversation_id = m.id and x.seq >= m.visible_from_seq",
    replace: "x.conversation_id = m.id",
  },
  {
    ...{ name: "what the system says is unread", caughtBy, seed: 1488373660 },
    file: `${conversations}/conversation-view.ts`,
    find: "and x.deleted_at is null and x.kind <> 'system' and",
    replace: "and x.deleted_at is null and",
  },
  {
    ...{ name: "deleted messages are unread", caughtBy, seed: 787018050 },
    file: `${conversations}/conversation-view.ts`,
    find: "and x.deleted_at is null and x.kind",
    replace: "and x.kind",
  },
  {
    ...{ name: "replies in threads are unread", caughtBy, seed: 954320154 },
    file: `${conversations}/conversation-view.ts`,
    find: "x.kind <> 'system' and x.thread_root_seq is null",
    replace: "x.kind <> 'system'",
  },
  {
    ...{ name: "whom one blocked calls one", caughtBy, seed: 850944430 },
    file: `${conversations}/conversation-view.ts`,
    find: "and not exists (select 1 from blocks b where b.user_id = m.viewer_id and b.blocked_id = x.sender_id)",
    replace: "",
  },
  {
    ...{ name: "who left lists members", caughtBy, seed: 313233343 },
    file: `${conversations}/list-members.ts`,
    find: "\n          and me.left_pts is null",
    replace: "",
  },
  {
    ...{ name: "members are listed with marks that they hide", caughtBy, seed: 1313233343 },
    file: `${conversations}/list-members.ts`,
    find: `and shows_receipts(x.lane, x.conversation_id, c.type, x.user_id, me.user_id, \${friendsOnly})`,
    replace: "",
  },
  {
    ...{ name: "who left reads marks", caughtBy, seed: 1415161718 },
    file: `${features}/receipts/list-receipts.ts`,
    find: `and me.user_id = \${userId} and me.left_pts is null`,
    replace: `and me.user_id = \${userId}`,
  },
  {
    ...{ name: "who left raises marks", caughtBy, seed: 1516171819 },
    file: `${migrations}/0018-receipt-viewers.sql`,
    find: "x.user_id = u.user_id and x.left_pts is null\n    limit 1\n  ) m\n  left join unnest(raised)",
    replace: "x.user_id = u.user_id\n    limit 1\n  ) m\n  left join unnest(raised)",
  },
  {
    ...{ name: "who got a message is told though they hide it", caughtBy, seed: 1617181920 },
    file: `${features}/receipts/list-message-receipts.ts`,
    find: `and shows_receipts(y.lane, y.conversation_id, c.type, y.user_id, me.user_id, \${friendsOnly})`,
    replace: "",
  },
  {
    ...{ name: "whom one blocked sees who got a message", caughtBy, seed: 718293041 },
    file: `${migrations}/0013-people.sql`,
    find: "if exists (select 1 from blocks b where b.user_id = person and b.blocked_id = other) then",
    replace: "if false then",
  },
  {
    ...{ name: "a message is received by who came after it", caughtBy, seed: 1718192021 },
    file: `${features}/receipts/list-message-receipts.ts`,
    find: "and y.left_pts is null and y.visible_from_seq <= x.seq",
    replace: "and y.left_pts is null",
  },
  {
    ...{ name: "a message is received by who left", caughtBy, seed: 1819202122 },
    file: `${features}/receipts/list-message-receipts.ts`,
    find: "and y.left_pts is null and y.visible_from_seq <= x.seq",
    replace: "and y.visible_from_seq <= x.seq",
  },
  {
    ...{ name: "what one chose for a conversation outlasts one's membership", caughtBy, seed: 1920212223 },
    file: `${conversations}/end-membership.ts`,
    find: `.deleteFrom("conversation_settings")`,
    replace: `.deleteFrom("message_edits").where("seq", "=", 0)`,
  },
  {
    ...{ name: "who left chooses for a conversation", caughtBy, seed: 2021222324 },
    file: `${features}/people/update-conversation-settings.ts`,
    find: `and m.user_id = \${userId} and m.left_pts is null\n`,
    replace: `and m.user_id = \${userId}\n`,
  },
  {
    ...{ name: "what another member chose is shown as one's own", caughtBy, seed: 1212343456 },
    file: `${conversations}/conversation-view.ts`,
    find: "s.conversation_id = m.id and s.user_id = m.viewer_id",
    replace: "s.conversation_id = m.id and s.user_id <> m.viewer_id",
  },
  {
    ...{ name: "a file is seen by who left", caughtBy, seed: 1412343456 },
    file: `${features}/media/visible-media.ts`,
    find: "and me.left_pts is null and me.visible_from_seq <= r.seq",
    replace: "and me.visible_from_seq <= r.seq",
  },
  {
    ...{ name: "a file from before one came is seen", caughtBy, seed: 1512343456 },
    file: `${features}/media/visible-media.ts`,
    find: "and me.left_pts is null and me.visible_from_seq <= r.seq",
    replace: "and me.left_pts is null",
  },
  {
    ...{ name: "a file that nothing refers to is anybody's", caughtBy, seed: 1612343456 },
    file: `${features}/media/visible-media.ts`,
    find: `when m.state <> 'attached' then m.owner_id = \${viewer}`,
    replace: "when m.state <> 'attached' then true",
  },
  {
    ...{ name: "search finds what was said before one came", caughtBy: "search", seed: 12817659 },
    file: `${features}/search/find-messages.ts`,
    find: "and f.seq >= me.visible_from_seq",
    replace: "",
  },
  {
    ...{ name: "search by walking finds what was said before one came", caughtBy: "search", seed: 958009861 },
    file: `${features}/search/find-messages.ts`,
    find: "select x.seq >= m.visible_from_seq as sees",
    replace: "select true as sees",
  },
  {
    ...{ name: "search finds what was said where one was", caughtBy: "search", seed: 1133224455 },
    file: `${features}/search/find-messages.ts`,
    find: "me.sees and me.left_pts is null as is_found",
    replace: "me.sees as is_found",
  },
  {
    ...{ name: "the search index finds what was said where one was", caughtBy: "search", seed: 1233224455 },
    file: `${features}/search/find-messages.ts`,
    find: `and me.user_id = \${userId} and me.left_pts is null`,
    replace: `and me.user_id = \${userId}`,
  },
];
