import { features, type Mutation, migrations } from "./mutation.ts";

const folder = `${features}/messages`;
const caughtBy = "messages";

/** Who may do what to messages, and which numbers that takes. */
export const messages: readonly Mutation[] = [
  {
    ...{ name: "anybody edits", caughtBy, seed: 1347577026 },
    file: `${folder}/permissions.ts`,
    find: `return isOwn ? mayReact(message) : fail("FORBIDDEN");`,
    replace: "return mayReact(message);",
  },
  {
    ...{ name: "who forwarded a message edits it", caughtBy, seed: 402837465 },
    file: `${folder}/permissions.ts`,
    find: ` && message.forwarded_from === null;`,
    replace: ";",
  },
  {
    ...{ name: "what is deleted is edited, reacted to, pinned and forwarded", caughtBy, seed: 918273645 },
    file: `${folder}/permissions.ts`,
    find: `return deleted_at === null ? ok(true) :`,
    replace: "return deleted_at !== undefined ? ok(true) :",
  },
  {
    ...{ name: "what the system says is forwarded", caughtBy, seed: 564738291 },
    file: `${folder}/permissions.ts`,
    find: `message.kind === "system" ? fail("FORBIDDEN") : mayReact(message);`,
    replace: "mayReact(message);",
  },
  {
    ...{ name: "what the system says is pinned", caughtBy, seed: 1029384756 },
    file: `${folder}/permissions.ts`,
    find: `message.kind === "system" ? fail("FORBIDDEN") : may("pin", conversation);`,
    replace: `may("pin", conversation);`,
  },
  {
    ...{ name: "members pin", caughtBy, seed: 774411009 },
    file: `${features}/conversations/permissions.ts`,
    find: `pin: row("members", "admins", "admins"),`,
    replace: `pin: row("members", "members", "members"),`,
  },
  {
    ...{ name: "anybody pins", caughtBy, seed: 774411010 },
    file: `${folder}/permissions.ts`,
    find: "return allowed.ok ? mayReact(message) : allowed;",
    replace: "return mayReact(message);",
  },
  {
    ...{ name: "anybody deletes", caughtBy, seed: 1124622111 },
    file: `${folder}/permissions.ts`,
    find: `return isOwn ? ok(true) : may("deleteOthersMessage", conversation);`,
    replace: `return isOwn ? ok(true) : may("read", conversation);`,
  },
  {
    ...{ name: "members delete what others wrote", caughtBy, seed: 668899221 },
    file: `${features}/conversations/permissions.ts`,
    find: `deleteOthersMessage: row("nobody", "admins", "admins"),`,
    replace: `deleteOthersMessage: row("nobody", "members", "members"),`,
  },
  {
    ...{ name: "nobody deletes what others wrote", caughtBy, seed: 1668899221 },
    file: `${features}/conversations/permissions.ts`,
    find: `deleteOthersMessage: row("nobody", "admins", "admins"),`,
    replace: `deleteOthersMessage: row("nobody", "nobody", "nobody"),`,
  },
  {
    ...{ name: "who is no member sends", caughtBy, seed: 1807168907 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "when m.user_id is null or m.left_pts is not null then 'NOT_FOUND'",
    replace: "when m.user_id is null then 'NOT_FOUND'",
  },
  {
    ...{ name: "members send and forward where admins write", caughtBy, seed: 1200034567 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "when c.posting = 'admins' and m.role = 'member' then 'FORBIDDEN'",
    replace: "",
  },
  {
    ...{ name: "a reply answers what its sender does not see", caughtBy, seed: 2038228654 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "where answered.conversation_id = i.conversation_id and answered.seq >= m.visible_from_seq",
    replace: "where answered.conversation_id = i.conversation_id",
  },
  {
    ...{ name: "a reply joins a thread whose root its sender does not see", caughtBy, seed: 93847561 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "and root.seq >= m.visible_from_seq and root.thread_root_seq is null",
    replace: "and root.thread_root_seq is null",
  },
  {
    ...{ name: "a reply is the root of a thread", caughtBy, seed: 83746155 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "and root.seq >= m.visible_from_seq and root.thread_root_seq is null",
    replace: "and root.seq >= m.visible_from_seq",
  },
  {
    ...{ name: "a message calls who is no member", caughtBy, seed: 1928374650 },
    file: `${migrations}/0009-message-kinds.sql`,
    find: "where m.lane = in_lane and m.conversation_id = conversation and m.left_pts is null",
    replace: "where m.lane = in_lane and m.conversation_id = conversation",
  },
  {
    ...{ name: "a message by its id is anybody's", caughtBy, seed: 1717171717 },
    file: `${folder}/visible-message.ts`,
    find: "and me.left_pts is null and me.visible_from_seq <= x.seq and x.lane",
    replace: "and x.lane",
  },
  {
    ...{ name: "a message refers to what another person uploaded", caughtBy, seed: 1817161514 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "then m.state in ('active', 'attached') and m.owner_id = j.sender_id and m.conversation_id",
    replace: "then m.state in ('active', 'attached') and m.conversation_id",
  },
  {
    ...{ name: "a message refers to what is about to be deleted", caughtBy, seed: 1817161513 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: "then m.state in ('active', 'attached') and m.owner_id",
    replace: "then m.owner_id",
  },
  {
    ...{ name: "an edit keeps the pts", caughtBy, seed: 2144461441 },
    file: `${folder}/edit-message.ts`,
    find: ".set({ text, pts, mentions: storedMentions(mentions) })",
    replace: ".set({ text, mentions: storedMentions(mentions) })",
  },
  {
    ...{ name: "a reaction keeps the pts", caughtBy, seed: 1729168114 },
    file: `${folder}/react.ts`,
    find: ".set({ pts, reactions: stored })",
    replace: ".set({ reactions: stored })",
  },
  {
    ...{ name: "a deletion keeps the pts", caughtBy, seed: 671467388 },
    file: `${folder}/delete-message.ts`,
    find: `                pts,
                deleted_at: createdAt,`,
    replace: "                deleted_at: createdAt,",
  },
  {
    ...{ name: "a pin keeps the pts", caughtBy, seed: 1133557799 },
    file: `${folder}/pin-message.ts`,
    find: ".set({ pts, pinned_at: createdAt })",
    replace: ".set({ pinned_at: createdAt })",
  },
  {
    ...{ name: "the end of a pin keeps the pts", caughtBy, seed: 446688002 },
    file: `${folder}/pin-message.ts`,
    find: ".set({ pts, pinned_at: null })",
    replace: ".set({ pinned_at: null })",
  },
  {
    ...{ name: "a deletion leaves the pin", caughtBy, seed: 1357913579 },
    file: `${folder}/delete-message.ts`,
    find: "                pinned_at: null,\n",
    replace: "",
  },
  {
    ...{ name: "a reply leaves its root at the pts", caughtBy, seed: 321654987 },
    file: `${migrations}/0009-message-kinds.sql`,
    find: "  set pts = t.pts,\n      thread = jsonb_build_object(",
    replace: "  set thread = jsonb_build_object(",
  },
  {
    ...{ name: "a reply's deletion leaves its root at the pts", caughtBy, seed: 789456123 },
    file: `${folder}/delete-message.ts`,
    find: ".set({ pts, thread: sql`recount_thread",
    replace: ".set({ thread: sql`recount_thread",
  },
  {
    ...{ name: "a reply's deletion is not told to its root", caughtBy, seed: 654987321 },
    file: `${folder}/delete-message.ts`,
    find: "root === undefined ? [deletion] : [deletion, recountThread(root)]",
    replace: "root === null ? [] : [deletion]",
  },
  {
    ...{ name: "what retention takes takes no pts", caughtBy, seed: 147258369 },
    file: `${folder}/trim-history.ts`,
    find: "if (beforeSeq === null) return [];",
    replace: "if (beforeSeq !== undefined) return [];",
  },
  {
    ...{ name: "retention takes what is young", caughtBy, seed: 963852741 },
    file: `${migrations}/0034-media-in-messages.sql`,
    find: ") o where o.created_at < sent_before;",
    replace: ") o;",
  },
];
