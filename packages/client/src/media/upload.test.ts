import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  type Media,
  type MediaId,
  type MediaState,
  newConversationId,
  newDeviceId,
  newMediaId,
  newUserId,
} from "@hubbub/contract";
import { HubbubApi } from "../api/hubbub-api.ts";
import { Listeners } from "../listeners.ts";
import { Upload } from "./upload.ts";
import type { UploadState } from "./upload-state.ts";

const conversationId = newConversationId();
const bytes = new Uint8Array(200_000).map((_, index) => index);
const file = { name: "lake.png", bytes: new Blob([bytes], { type: "image/png" }) };

/** What the server at the other end holds, how it behaves, and what it was asked. */
let held = new Map<string, Media>();
let stored = new Map<string, Uint8Array>();
let asked: string[] = [];
let behaviour: { put: "takes" | "loses its answer" | 503 | 403; confirmed: MediaState | "refused" } = {
  put: "takes",
  confirmed: "active",
};
const states = new Listeners<{ mediaId: MediaId; state: MediaState }>();

beforeEach(() => {
  held = new Map();
  stored = new Map();
  asked = [];
  behaviour = { put: "takes", confirmed: "active" };
});

function answer(id: string): Response {
  const media = held.get(id);
  return media === undefined ? problem(404, "NOT_FOUND") : Response.json({ media });
}

function problem(status: number, code: string): Response {
  const body = { type: "about:blank", title: code, status, detail: `It was ${code}.`, code, traceId: "t" };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

function settle(id: string, state: MediaState): void {
  const media = held.get(id);
  if (media !== undefined) held.set(id, { ...media, state });
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  routes: {
    "/api/v1/auth/login": () => {
      const user = {
        id: newUserId(),
        username: "ann",
        displayName: "Ann",
        email: "a@example.org",
        emailVerified: true,
        isAdmin: false,
      };
      return Response.json({
        accessToken: "token",
        refreshToken: "refresh",
        tokenType: "Bearer",
        expiresIn: 900,
        user,
      });
    },
    "/api/v1/media": {
      POST: async (request) => {
        asked.push("create");
        const media = {
          id: newMediaId(conversationId),
          ...(await request.json()),
          state: "initiated",
          createdAt: new Date().toISOString(),
        };
        held.set(media.id, media);
        const url = `${new URL(request.url).origin}/store/${media.id}`;
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        return Response.json(
          { media, upload: { method: "PUT", url, headers: { "content-type": media.contentType }, expiresAt } },
          { status: 201 },
        );
      },
    },
    "/api/v1/media/:id": {
      GET: ({ params }) => {
        asked.push("get");
        return answer(params.id);
      },
      DELETE: ({ params }) => {
        asked.push("delete");
        held.delete(params.id);
        return new Response(null, { status: 204 });
      },
    },
    "/api/v1/media/:id/confirm": {
      POST: ({ params }) => {
        asked.push("confirm");
        if (behaviour.confirmed === "refused") return problem(400, "VALIDATION_FAILED");
        if (held.get(params.id)?.state === "initiated") settle(params.id, behaviour.confirmed);
        return answer(params.id);
      },
    },
    "/store/:id": {
      PUT: async (request) => {
        asked.push("put");
        const { put } = behaviour;
        if (put === 503 || put === 403) return new Response("no", { status: put });
        // as a store that takes each key once
        if (stored.has(request.params.id)) return new Response("there already", { status: 409 });
        stored.set(request.params.id, new Uint8Array(await request.arrayBuffer()));
        return new Response(null, { status: put === "takes" ? 200 : 503 });
      },
    },
  },
});
afterAll(() => server.stop(true));

async function begin(askEvery = 60_000): Promise<Upload> {
  const api = new HubbubApi({ baseUrl: server.url.origin, deviceId: newDeviceId(), tokenDelivery: "body" });
  await api.login({ login: "ann", password: "secret" });
  return new Upload(Promise.resolve(file), { conversationId }, { api, states, askEvery });
}

/** Settles when an upload is so. */
function becomes(upload: Upload, status: UploadState["status"]): Promise<UploadState> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (upload.state.status !== status) return;
      stop();
      resolve(upload.state);
    };
    const stop = upload.subscribe(look);
    look();
  });
}

test("[M1] a file goes where the server says, whole, and is ready when the server says so, without being asked", async () => {
  behaviour.confirmed = "uploaded";
  const upload = await begin();
  await becomes(upload, "checking");
  const [id = ""] = held.keys();
  expect(stored.get(id)).toEqual(bytes);
  while (!asked.includes("confirm")) await Bun.sleep(1);
  settle(id, "active");
  states.emit({ mediaId: held.get(id)?.id ?? newMediaId(conversationId), state: "active" });
  expect(await upload.done()).toMatchObject({ id, state: "active", fileName: "lake.png", size: bytes.length });
});

test("[M2] where the server's word is lost, it is asked; what it could not read has failed", async () => {
  behaviour.confirmed = "uploaded";
  const upload = await begin(5);
  await becomes(upload, "checking");
  const [id = ""] = held.keys();
  settle(id, "failed");
  expect(await becomes(upload, "failed")).toEqual({
    status: "failed",
    failure: "The server could not read this file.",
  });
  await expect(upload.done()).rejects.toThrow("could not read");
});

test("what did not get through goes on with the same upload; what was refused begins anew", async () => {
  behaviour.put = 503;
  const upload = await begin();
  await becomes(upload, "failed");
  behaviour.put = "takes";
  behaviour.confirmed = "refused";
  upload.retry();
  expect(upload.state).toEqual({ status: "sending", sent: 0 });
  expect(await becomes(upload, "failed")).toEqual({ status: "failed", failure: "It was VALIDATION_FAILED." });
  expect(asked).toEqual(["create", "put", "put", "confirm"]);
  behaviour.put = 403;
  upload.retry();
  await becomes(upload, "failed");
  behaviour = { put: "takes", confirmed: "active" };
  upload.retry();
  await upload.done();
  expect(asked.slice(4)).toEqual(["create", "put", "create", "put", "confirm"]);
});

test("what got through without its answer is not sent as another upload", async () => {
  behaviour.put = "loses its answer";
  const upload = await begin();
  await becomes(upload, "failed");
  behaviour.put = "takes";
  upload.retry();
  expect((await upload.done()).state).toBe("active");
  expect(asked).toEqual(["create", "put", "put", "confirm"]);
});

test("one that is given up is taken back, and nothing brings it to life", async () => {
  behaviour.confirmed = "uploaded";
  const upload = await begin(5);
  await becomes(upload, "checking");
  const [id = ""] = held.keys();
  upload.cancel();
  expect(upload.state).toEqual({ status: "cancelled" });
  settle(id, "active");
  upload.retry();
  await expect(upload.done()).rejects.toThrow("given up");
  while (held.size > 0) await Bun.sleep(1);
  expect(upload.state).toEqual({ status: "cancelled" });
});
