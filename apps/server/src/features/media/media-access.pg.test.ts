import { afterAll, expect, test } from "bun:test";
import { type MediaId, newMediaId, operations, type UserId } from "@hubbub/contract";
import { must } from "../../testing/test-node.ts";
import { openMediaNodes } from "./testing/media-nodes.ts";

const nodes = await openMediaNodes();
afterAll(() => nodes.close());
const { node, other, person, group, send, begin, confirm, upload, read, urlOf, remove, stateOf } = nodes;

test("[M4] only its uploader gets what nothing refers to, and only who sees a message what that refers to", async () => {
  const [ann, ben, eve, ned, zoe] = await Promise.all([person(), person(), person(), person(), person()]);
  const conversationId = await group(ann, ben, zoe);
  const media = await upload(ann, { conversationId });
  const absent = await node.call(operations.getMedia, eve, { mediaId: newMediaId(conversationId) });
  expect(absent).toMatchObject({ failure: { code: "NOT_FOUND" } });
  const expectUnseen = async (viewer: UserId) => {
    for (const answer of [await read(viewer, media), await urlOf(viewer, media), await remove(viewer, media)])
      expect<unknown>(answer).toEqual(absent);
    expect<unknown>(await confirm(viewer, media)).toEqual(absent);
  };
  for (const viewer of [ben, eve]) await expectUnseen(viewer);

  const messageId = await send(ann, conversationId, media);
  must(await node.call(operations.addMembers, ann, { conversationId, userIds: [ned] }));
  must(await node.call(operations.blockUser, ben, { userId: ann }));
  // a blocked person's messages stay readable [L14]; what it was uploaded for is not told
  const seen = must(await read(ben, media)).media;
  expect(seen).toMatchObject({ state: "attached", fileName: "a picture.png" });
  expect(seen).not.toHaveProperty("conversationId");
  expect((await urlOf(ben, media)).ok).toBe(true);
  expect(await remove(ben, media)).toMatchObject({ failure: { code: "FORBIDDEN" } });
  // a stranger, and one who came later [L10]
  for (const viewer of [eve, ned]) await expectUnseen(viewer);

  // where it is forwarded to it is seen too, and nowhere else
  const elsewhere = await group(ben, eve);
  must(await node.call(operations.forwardMessage, ben, { messageId, conversationIds: [elsewhere] }));
  expect(must(await read(eve, media)).media).not.toHaveProperty("conversationId");
  await expectUnseen(ned);
  must(await node.call(operations.removeMember, ben, { conversationId: elsewhere, userId: eve }));
  await expectUnseen(eve);

  // who was removed or has left, be it the uploader
  must(await node.call(operations.banMember, ann, { conversationId, userId: zoe }));
  await expectUnseen(zoe);
  must(await node.call(operations.changeMemberRole, ann, { conversationId, userId: ben, role: "owner" }));
  must(await node.call(operations.removeMember, ann, { conversationId, userId: ann }));
  expect(await read(ann, media)).toEqual(absent);
  expect((await urlOf(ben, media)).ok).toBe(true);
});

test("[M4] a person's picture is for everyone signed in, and is let go when there is another one", async () => {
  const [ann, ben, eve] = await Promise.all([person(), person(), person()]);
  const conversationId = await group(ann, ben);
  const first = await upload(ann, { purpose: "avatar" });
  const change = (who: UserId, avatarMediaId: MediaId | null) =>
    node.call(operations.updateOwnUser, who, { avatarMediaId });
  // another's, one for messages, one that is not looked into, one that is not there
  const unready = await begin(ann, { purpose: "avatar" });
  const forMessages = await upload(ann, { conversationId });
  for (const id of [unready.id, forMessages.id, newMediaId(ann)])
    expect(await change(ann, id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect(await change(ben, first.id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect((await read(eve, first)).ok).toBe(false);

  expect(must(await change(ann, first.id)).user.avatarMediaId).toBe(first.id);
  expect(await stateOf(first)).toBe("attached");
  must(await node.call(operations.blockUser, ann, { userId: eve }));
  for (const viewer of [ben, eve]) {
    expect(must(await node.call(operations.getUser, viewer, { userId: ann })).user.avatarMediaId).toBe(first.id);
    expect(must(await read(viewer, first)).media).not.toHaveProperty("purpose");
    expect((await urlOf(viewer, first)).ok).toBe(true);
  }
  const updated = node.broadcaster.pushes.filter(({ to, event }) => event === "UserUpdated" && to === conversationId);
  expect(updated.at(-1)?.payload).toMatchObject({ id: ann, avatarMediaId: first.id });
  const direct = must(await node.call(operations.createConversation, ben, { type: "direct", memberIds: [ann] }));
  expect(direct.conversation.peer?.avatarMediaId).toBe(first.id);

  const second = await upload(ann, { purpose: "avatar" });
  const third = await upload(ann, { purpose: "avatar" });
  await Promise.all([change(ann, second.id), other.call(operations.updateOwnUser, ann, { avatarMediaId: third.id })]);
  const states = await Promise.all([first, second, third].map(stateOf));
  expect(states.toSorted()).toEqual(["attached", "deleting", "deleting"]);
  expect(states[0]).toBe("deleting");
  expect(must(await change(ann, null)).user).not.toHaveProperty("avatarMediaId");
  expect(await Promise.all([second, third].map(stateOf))).toEqual(["deleting", "deleting"]);
  expect((await read(ben, second)).ok).toBe(false);
});

test("[M4] [C9] a conversation's picture is set by its admins, told in its log and history, and is for who may see it", async () => {
  const [ann, ben, eve, ida] = await Promise.all([person(), person(), person(), person()]);
  const conversationId = await group(ann, ben);
  const change = (who: UserId, avatarMediaId: MediaId | null, id = conversationId) =>
    node.call(operations.updateConversation, who, { conversationId: id, avatarMediaId });
  const media = await upload(ann, { purpose: "avatar" });
  const bens = await upload(ben, { purpose: "avatar" });
  expect(await change(ben, bens.id)).toMatchObject({ failure: { code: "FORBIDDEN" } });
  expect(await change(ann, bens.id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect(await change(eve, null)).toMatchObject({ failure: { code: "NOT_FOUND" } });
  const direct = must(await node.call(operations.createConversation, ben, { type: "direct", memberIds: [ann] }));
  expect(await change(ann, media.id, direct.conversation.id)).toMatchObject({ failure: { code: "NOT_FOR_DIRECT" } });

  expect(must(await change(ann, media.id)).conversation.avatarMediaId).toBe(media.id);
  const { pts } = must(await change(ann, media.id)).conversation;
  const log = () => node.call(operations.listChanges, ben, { conversationId, afterPts: 0 });
  const told = must(await log()).items.slice(-2);
  expect(told[0]).toMatchObject({ event: "ConversationUpdated", payload: { avatarMediaId: media.id } });
  expect(told[1]).toMatchObject({ event: "ReceiveMessage", pts, payload: { system: { type: "avatarChanged" } } });
  expect((await urlOf(ben, media)).ok).toBe(true);
  for (const viewer of [eve, ida]) expect((await urlOf(viewer, media)).ok).toBe(false);
  must(await node.call(operations.inviteMembers, ann, { conversationId, userIds: [ida] }));
  const invited = must(await node.call(operations.listInvitations, ida, {})).items[0];
  expect(invited?.conversation?.avatarMediaId).toBe(media.id);
  expect((await urlOf(ida, media)).ok).toBe(true);
  const { invite } = must(await node.call(operations.createInvite, ann, { conversationId }));
  const preview = must(await node.call(operations.getInvite, eve, { token: invite.token }));
  expect(preview.invite.conversation).not.toHaveProperty("avatarMediaId");

  must(await node.call(operations.removeMember, ann, { conversationId, userId: ben }));
  expect((await urlOf(ben, media)).ok).toBe(false);
  expect(must(await change(ann, null)).conversation).not.toHaveProperty("avatarMediaId");
  expect(await stateOf(media)).toBe("deleting");

  const channel = { type: "channel", title: "With a picture", visibility: "public" };
  const open = must(await node.call(operations.createConversation, ann, channel)).conversation.id;
  const shown = await upload(ann, { purpose: "avatar" });
  must(await change(ann, shown.id, open));
  const found = must(await node.call(operations.listPublicConversations, eve, { query: "With a picture" })).items[0];
  expect(found?.avatarMediaId).toBe(shown.id);
  expect((await urlOf(eve, shown)).ok).toBe(true);
  must(await node.call(operations.deleteConversation, ann, { conversationId: open }));
  expect(await stateOf(shown)).toBe("deleting");
});
