import { expect } from "bun:test";
import { type Media, newConversationId, newMediaId, type OperationOutput } from "@hubbub/contract";
import type { Account } from "./account.ts";
import { problemOf } from "./api.ts";
import { eventually } from "./eventually.ts";
import { api } from "./target.ts";

/** One pixel. */
export const gif = Uint8Array.from(atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), (char) =>
  char.charCodeAt(0),
);

type For = { readonly conversationId: string } | { readonly purpose: "avatar" };

interface File {
  readonly fileName?: string;
  readonly contentType?: string;
  readonly bytes?: Uint8Array;
}

export const announce = (
  owner: Account,
  what: For,
  { fileName = "a file of mine", contentType = "image/gif", bytes = gif }: File = {},
) => api.call("createMedia", { fileName, contentType, size: bytes.length, ...what }, owner.token);

export async function put({ upload }: OperationOutput<"createMedia">, bytes: Uint8Array): Promise<void> {
  const { method, url, headers } = upload;
  expect((await fetch(url, { method, headers, body: bytes.slice() })).status).toBe(200);
}

export const readMedia = async (who: Account, mediaId: string) =>
  (await api.call("getMedia", { mediaId }, who.token)).media;

/** Uploads something, until it is looked into. */
export async function upload(owner: Account, what: For, file: File = {}): Promise<Media> {
  const announced = await announce(owner, what, file);
  await put(announced, file.bytes ?? gif);
  const { id: mediaId } = announced.media;
  await api.call("confirmMedia", { mediaId }, owner.token);
  const active = async () => {
    const media = await readMedia(owner, mediaId);
    return media.state === "active" ? media : undefined;
  };
  return eventually(active, () => "The upload did not become active");
}

export const download = async (who: Account, mediaId: string): Promise<Response> =>
  fetch((await api.call("getMediaUrl", { mediaId }, who.token)).url);

/** For this person each route answers as it does for a medium that never was, byte for byte. */
export async function expectMediaUnseen(who: Account, { id }: Pick<Media, "id">): Promise<void> {
  for (const name of ["getMedia", "getMediaUrl", "confirmMedia", "deleteMedia"] as const) {
    const [real, none] = await Promise.all(
      [id, newMediaId(newConversationId())].map((mediaId) => api.send(name, { mediaId }, { token: who.token })),
    );
    if (real === undefined || none === undefined) throw new Error("no answer");
    expect(problemOf(real)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    const traceless = (answer: typeof real) => answer.text.replaceAll(problemOf(answer).traceId, "…");
    expect({ name, text: traceless(real) }).toEqual({ name, text: traceless(none) });
  }
}
