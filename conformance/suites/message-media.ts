import { expect, test } from "bun:test";
import { limits, type Media } from "@hubbub/contract";
import { problemOf } from "../src/api.ts";
import { failure } from "../src/failure.ts";
import { download, expectMediaUnseen, gif, readMedia, upload } from "../src/media.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, newGroup } from "../src/target.ts";

/** As messages tell of it. */
const told = ({ state: _, createdAt: __, conversationId: ___, ...attachment }: Media) => attachment;

const draft = (conversationId: string, media: readonly Pick<Media, "id">[], text?: string) => ({
  ...{ conversationId, clientMessageId: crypto.randomUUID(), mediaIds: media.map(({ id }) => id) },
  ...(text !== undefined && { text }),
});

test("messages with media, by REST and by the hub, are pushed, listed and synced as any other, and their captions edited [L18] [M5]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  await using hub = await connect(alice);
  await using other = await connect(bob);
  const before = await freshState(api, bob, conversationId);
  const picture = await upload(alice, { conversationId }, { fileName: "Ein Bild.gif" });
  const paper = await upload(
    alice,
    { conversationId },
    {
      ...{ fileName: "notes.txt", contentType: "text/plain", bytes: new TextEncoder().encode("Some notes") },
    },
  );
  const first = (await api.call("sendMessage", draft(conversationId, [picture]), alice.token)).message;
  expect(first).toMatchObject({ kind: "image", media: [told(picture)] });
  expect(first).not.toHaveProperty("text");
  expect(first.media?.[0]).toMatchObject({ fileName: "Ein Bild.gif", width: 1, height: 1, size: gif.length });
  const { messageId } = await hub.send(draft(conversationId, [paper, picture], "Both"));
  const second = (await api.call("getMessage", { messageId }, bob.token)).message;
  expect(second).toMatchObject({ kind: "file", text: "Both", media: [told(paper), told(picture)] });
  for (const message of [first, second])
    expect(await other.hears("ReceiveMessage", ({ id }) => id === message.id)).toEqual(Object(message));
  const { items } = await api.call("listMessages", { conversationId, afterSeq: before.seq }, bob.token);
  expect(items).toEqual([first, second]);

  const captioned = await api.call("editMessage", { messageId: first.id, text: "A caption" }, alice.token);
  expect(captioned.message).toMatchObject({ text: "A caption", kind: "image", media: first.media });
  await hub.call("editMessage", { messageId: second.id, text: "" });
  expect((await api.call("getMessage", { messageId: second.id }, bob.token)).message).not.toHaveProperty("text");
  await api.call("deleteMessage", { messageId: second.id }, alice.token);
  const tombstone = (await api.call("getMessage", { messageId: second.id }, bob.token)).message;
  expect(tombstone).not.toHaveProperty("media");
  const changes = await api.call("listChanges", { conversationId, afterPts: before.pts }, bob.token);
  expect(changes.items).toHaveLength(5);
  expect(changes.items.reduce(applyChange, before)).toEqual(await freshState(api, bob, conversationId));
  // what one message lost another one has still
  expect((await readMedia(bob, picture.id)).state).toBe("attached");
  await expectMediaUnseen(bob, paper);
});

test("a message with neither words nor media, too many or doubled media, or some that are not one's own for there is refused [M5]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const elsewhere = await newGroup(alice);
  await using hub = await connect(alice);
  const [own, theirs, far] = await Promise.all([
    upload(alice, { conversationId }),
    upload(bob, { conversationId }),
    upload(alice, { conversationId: elsewhere.id }),
  ]);
  const avatar = await upload(alice, { purpose: "avatar" });
  const before = await freshState(api, alice, conversationId);
  const many = Array.from({ length: limits.media + 1 }, () => ({ id: crypto.randomUUID() }));
  const { mediaIds: _, ...wordless } = draft(conversationId, []);
  const refused: readonly (readonly [object, string])[] = [
    [wordless, "text"],
    [{ ...wordless, text: " " }, "text"],
    [draft(conversationId, []), "mediaIds"],
    ...[many, [own, own], [own, theirs], [far], [avatar], [{ id: crypto.randomUUID() }]].map(
      (media) => [{ ...wordless, mediaIds: media.map(({ id }) => id) }, "mediaIds"] as const,
    ),
  ];
  for (const [input, path] of refused) {
    const { code, errors = [] } = problemOf(
      await api.request("POST", `/api/v1/conversations/${conversationId}/messages`, {
        token: alice.token,
        json: { ...input, conversationId: undefined },
      }),
    );
    expect({ input, code, path: errors[0]?.path }).toEqual({ input, code: "VALIDATION_FAILED", path });
    expect(await failure(hub.call("sendMessage", Object(input)))).toContain("VALIDATION_FAILED: ");
  }
  expect(await freshState(api, alice, conversationId)).toEqual(before);
  expect((await readMedia(alice, own.id)).state).toBe("active");
});

test("what was forwarded opens its file to those who see the copy, as long as there is one [M4] [M6]", async () => {
  const { id: source } = await newGroup(alice, bob);
  const { id: target } = await newGroup(bob, carol);
  const media = await upload(alice, { conversationId: source }, { fileName: "for you.gif" });
  const { message } = await api.call("sendMessage", draft(source, [media], "Look"), alice.token);
  await expectMediaUnseen(carol, media);
  const forwarding = { messageId: message.id, conversationIds: [target] };
  const [copy] = (await api.call("forwardMessage", forwarding, bob.token)).items;
  expect(copy).toMatchObject({ kind: "image", text: "Look", media: [told(media)], conversationId: target });
  expect(new Uint8Array(await (await download(carol, media.id)).arrayBuffer())).toEqual(gif);
  // where it was is not told
  expect(JSON.stringify(await readMedia(carol, media.id))).not.toContain(source);
  await expectMediaUnseen(dave, media);
  // whoever sees it may forward it, and not send it as their own
  const own = draft(target, [media]);
  expect((await api.refused("sendMessage", own, carol.token)).code).toBe("VALIDATION_FAILED");

  await api.call("deleteMessage", { messageId: message.id }, alice.token);
  for (const name of ["getMedia", "getMediaUrl"] as const)
    expect((await api.refused(name, { mediaId: media.id }, alice.token)).code).toBe("NOT_FOUND");
  expect((await download(carol, media.id)).status).toBe(200);
  await api.call("deleteMessage", { messageId: copy?.id ?? "" }, bob.token);
  for (const who of [bob, carol]) await expectMediaUnseen(who, media);
  const left = await readMedia(alice, media.id);
  expect(["deleting", "deleted"]).toContain(left.state);
  expect(left.fileName).toBe("");
});

test("a repeat answers the media that the first one had [L5]", async () => {
  const { id: conversationId } = await newGroup(alice);
  const [one, two] = await Promise.all([upload(alice, { conversationId }), upload(alice, { conversationId })]);
  const input = draft(conversationId, [one], "Once");
  const first = await api.callWithStatus("sendMessage", input, alice.token);
  const second = await api.callWithStatus("sendMessage", { ...input, mediaIds: [two.id] }, alice.token);
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.output).toEqual(first.output);
  expect((await readMedia(alice, two.id)).state).toBe("active");
});
