import { expect, test } from "bun:test";
import { inMemoryBackplane } from "../backplanes/in-memory-backplane.ts";
import { InMemoryLifetimeManager } from "../hub/in-memory-lifetime-manager.ts";
import { consoleLogger } from "../hub/logger.ts";
import { TimerWheel } from "../hub/timer-wheel.ts";
import { ManualClock } from "../testing/manual-time.ts";
import type { HubRequest } from "../transports/hub-request.ts";
import { parseRequestUrl } from "../transports/request-url.ts";
import { decodeForwarded, type ForwardedMessage } from "./forwarded-message.ts";
import { Forwarding } from "./forwarding.ts";
import type { RequestOwner } from "./served-request.ts";

/** Asks whether a message is lost on the way. */
type Loses = (message: ForwardedMessage | null) => boolean;

const nothing: Loses = () => false;

/** Two nodes on one backplane, of which each loses what it is told to lose of what it tells. */
function startNodes(answer: (incoming: HubRequest) => Promise<Response> | Response) {
  const clock = new ManualClock();
  const factory = inMemoryBackplane();
  const undelivered: string[] = [];
  const start = (node: string) => {
    const local = new InMemoryLifetimeManager();
    const disconnectUser = () => undefined;
    const real = factory({ path: "/hub", local, protocols: [], logger: consoleLogger, disconnectUser });
    const link = { loses: nothing };
    const owner: RequestOwner = {
      answer: async (incoming) => answer(incoming),
      undelivered: (token) => void undelivered.push(token),
    };
    const backplane = {
      hear: real.hear.bind(real),
      tell: (to: string, payload: Uint8Array<ArrayBuffer>) =>
        link.loses(decodeForwarded(payload)[1]) ? Promise.resolve(true) : real.tell(to, payload),
    };
    const wheel = new TimerWheel(clock, 1000, 60_000);
    return {
      link,
      close: () => real.close(),
      forwarding: new Forwarding({ node, backplane, wheel, logger: consoleLogger }, owner),
    };
  };
  const [owner, proxy] = [start("owner"), start("proxy")];
  return {
    owner,
    proxy,
    undelivered,
    /** A request to `proxy` for a connection of `owner`. */
    ask(init: RequestInit = {}) {
      const cuts: true[] = [];
      const request = new Request("http://localhost/hub?id=token", init);
      const port = {
        remoteAddress: undefined,
        keepOpen: () => undefined,
        release: () => undefined,
        cut: () => void cuts.push(true),
      };
      const incoming = { request, url: parseRequestUrl(request.url), port };
      return { cuts, answer: Promise.resolve(proxy.forwarding.forward("owner", incoming, "transport")) };
    },
    /** Lets time pass, second by second, and what happens in each happen. */
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1000);
        await Bun.sleep(0);
      }
    },
  };
}

const forever = () => new Promise<Response>(() => undefined);

/** A stream of events that goes on for as long as it is fed. */
function feed() {
  const fed: { controller?: ReadableStreamDefaultController<Uint8Array>; isCancelled: boolean } = {
    isCancelled: false,
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      fed.controller = controller;
    },
    cancel() {
      fed.isCancelled = true;
    },
  });
  const write = async (text: string) => {
    fed.controller?.enqueue(new TextEncoder().encode(text));
    await Bun.sleep(0);
  };
  return { fed, write, response: () => new Response(body, { headers: { "content-type": "text/event-stream" } }) };
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer).status;
}

test("[F4] a request or an answer that is lost on the way is noticed when the node is asked for it", async () => {
  for (const lost of ["request", "answer"]) {
    const nodes = startNodes(() => new Response("here"));
    for (const { link } of [nodes.proxy, nodes.owner]) link.loses = (message) => message?.kind === lost;
    const { answer } = nodes.ask();
    await nodes.pass(8);
    expect(await statusOf(answer)).toBe(503);
  }
});

test("[F4] a node that is asked nothing more, and was not told so, gives it up", async () => {
  const signals: AbortSignal[] = [];
  const nodes = startNodes(({ request }) => {
    signals.push(request.signal);
    return forever();
  });
  const { answer } = nodes.ask({ method: "POST", body: "x" });
  await Bun.sleep(0);
  nodes.owner.link.loses = () => true;
  nodes.proxy.link.loses = (message) => message?.kind === "broken";
  nodes.proxy.forwarding.lost();
  expect(await statusOf(answer)).toBe(503);
  expect(signals[0]?.aborted).toBe(false);
  await nodes.pass(8);
  expect(signals[0]?.aborted).toBe(true);
});

test("[F4] a node that says nothing any more is given up: what it was asked, and what it had asked", async () => {
  const signals: AbortSignal[] = [];
  const events = feed();
  const nodes = startNodes(({ request }) => {
    signals.push(request.signal);
    return request.method === "POST" ? forever() : events.response();
  });
  const [post, stream] = [nodes.ask({ method: "POST", body: "x" }), await nodes.ask().answer];
  await nodes.pass(60);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  for (const { link } of [nodes.proxy, nodes.owner]) link.loses = () => true;
  await nodes.pass(25);
  expect(await statusOf(post.answer)).toBe(503);
  expect(await stream.text()).toBe("");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(events.fed.isCancelled).toBe(true);
});

test("[F4] a node that has gone ends what it was asked within ten seconds, and what is new at once", async () => {
  const nodes = startNodes(forever);
  const waiting = nodes.ask().answer;
  await nodes.pass(1);
  await nodes.owner.close();
  const fresh = nodes.ask().answer;
  expect(await statusOf(fresh)).toBe(404);
  expect(await statusOf(waiting)).toBe(404);
  const again = startNodes(forever);
  const left = again.ask().answer;
  await again.pass(1);
  await again.owner.close();
  await again.pass(10);
  expect(await statusOf(left)).toBe(404);
});

test("[F4] when the backplane is lost everything ends", async () => {
  const events = feed();
  const nodes = startNodes(({ request }) => (request.method === "POST" ? forever() : events.response()));
  const [post, stream] = [nodes.ask({ method: "POST" }), await nodes.ask().answer];
  await events.write("data");
  nodes.proxy.forwarding.lost();
  nodes.owner.forwarding.lost();
  expect([await statusOf(post.answer), await stream.text()]).toEqual([503, "data"]);
  await Bun.sleep(0);
  expect(events.fed.isCancelled).toBe(true);
});

test("[F3] who has not read the last words yet is not cut off, but who does not read at all is", async () => {
  for (const [words, cut] of [
    ["goodbye", []],
    ["x".repeat(512 * 1024), [true]],
  ] as const) {
    const events = feed();
    const nodes = startNodes(() => events.response());
    const { answer, cuts } = nodes.ask();
    const response = await answer;
    await events.write(words);
    events.fed.controller?.close();
    await Bun.sleep(0);
    nodes.owner.forwarding.lost();
    nodes.proxy.forwarding.lost();
    expect(cuts).toEqual([...cut]);
    expect(words).toStartWith(await response.text());
  }
});

test("[F5] a stream that lost a piece ends before it, on both nodes", async () => {
  const events = feed();
  const nodes = startNodes(() => events.response());
  const answer = await nodes.ask().answer;
  await events.write("one ");
  nodes.owner.link.loses = (message) => message?.kind === "piece";
  await events.write("two ");
  nodes.owner.link.loses = nothing;
  await events.write("three ");
  expect(await answer.text()).toBe("one ");
  expect(events.fed.isCancelled).toBe(true);
});

test("[F5] a poll's answer that reached nobody is reported to the connection's node", async () => {
  const answers: ((response: Response) => void)[] = [];
  const nodes = startNodes(() => new Promise((resolve) => answers.push(resolve)));
  const aborter = new AbortController();
  void nodes.ask({ signal: aborter.signal });
  await Bun.sleep(0);
  aborter.abort();
  answers[0]?.(new Response("data"));
  await Bun.sleep(0);
  expect(nodes.undelivered).toEqual(["token"]);
  void nodes.ask();
  await Bun.sleep(0);
  await nodes.proxy.close();
  answers[1]?.(new Response("data"));
  await Bun.sleep(0);
  expect(nodes.undelivered).toEqual(["token", "token"]);
});

test("[F7] only so many requests wait for other nodes", async () => {
  const nodes = startNodes(forever);
  for (let index = 0; index < 20_000; index++) void nodes.ask();
  expect(await statusOf(nodes.ask().answer)).toBe(503);
  await nodes.owner.close();
}, 30_000);
