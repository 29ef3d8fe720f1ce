import { negotiatedId } from "../client/wire.ts";
import { inTurn, type Note, type Script } from "../script.ts";

const events = { accept: "text/event-stream" };
const handshake = '{"protocol":"json","version":1}\x1e';

/** The requests that server-sent events and long polling are made of, in order and out of it. */
export const requests: Script = {
  name: "requests",
  speaks: false,
  deviations: {
    "POST with an id without a transport": {
      why: "Nothing is kept for a connection that nobody may ever open.",
      ours: { status: 404, type: "text/plain", text: "No Connection with that ID" },
    },
    "a poll after the end": { why: "Clients take 204 for an end, and 404 for a failure.", ours: { status: 204 } },
    "goodbye again": { why: "The answer may have been lost, so the question may come twice.", ours: { status: 202 } },
  },
  async run({ address }, note) {
    const hub = `${address}/oracle`;
    await inTurn(["GET", "POST", "DELETE", "PUT", "PATCH"], async (method) => {
      note(`${method} without an id`, await answerOf(fetch(hub, { method })));
      note(`${method} with an unknown id`, await answerOf(fetch(`${hub}?id=unknown`, { method })));
      note(
        `${method} with an id without a transport`,
        await answerOf(fetch(`${hub}?id=${await negotiatedId(hub)}`, { method })),
      );
    });
    note("a slash at the end", await answerOf(fetch(`${hub}/`)));
    note("id in another case", await answerOf(fetch(`${hub}?ID=${await negotiatedId(hub)}`)));
    note("polls where they are off", await answerOf(fetch(await urlOf(`${address}/only-websockets`))));
    note(
      "events where they are off",
      await answerOf(fetch(await urlOf(`${address}/only-websockets`), { headers: events })),
    );
    await polls(hub, note);
    await eventStream(hub, note);
  },
};

async function urlOf(hub: string): Promise<string> {
  return `${hub}?id=${await negotiatedId(hub)}`;
}

async function polls(hub: string, note: Note): Promise<void> {
  const url = await urlOf(hub);
  note("first poll", await answerOf(fetch(url)));
  note("a handshake, posted", await answerOf(fetch(url, { method: "POST", body: handshake })));
  note("its answer, polled", await answerOf(fetch(url)));
  note("events of a polling connection", await answerOf(fetch(url, { headers: events })));
  const older = answerOf(fetch(url));
  await Bun.sleep(100);
  const newer = answerOf(fetch(url));
  note("a poll, replaced", await older);
  await fetch(url, { method: "POST", body: '{"type":1,"invocationId":"1","target":"Echo","arguments":["x"]}\x1e' });
  note("the poll that replaced it", await newer);
  note("an empty post", await answerOf(fetch(url, { method: "POST" })));
  const last = answerOf(fetch(url));
  await Bun.sleep(50);
  note("goodbye", await answerOf(fetch(url, { method: "DELETE" })));
  // The reference answers it with a last message or with none, as it happens.
  await last;
  await Bun.sleep(50);
  note("a poll after the end", await answerOf(fetch(url)));
  note("a post after the end", await answerOf(fetch(url, { method: "POST", body: "x" })));
  note("goodbye again", await answerOf(fetch(url, { method: "DELETE" })));
}

async function eventStream(hub: string, note: Note): Promise<void> {
  const url = await urlOf(hub);
  const aborter = new AbortController();
  const stream = await fetch(url, { headers: events, signal: aborter.signal });
  const { headers } = stream;
  note("events", {
    status: stream.status,
    type: headers.get("content-type"),
    encoding: headers.get("content-encoding"),
    caching: (headers.get("cache-control") ?? "").split(/, ?/).sort(),
  });
  const reader = stream.body?.getReader();
  const read = async () => new TextDecoder().decode((await reader?.read())?.value);
  note("first bytes of events", await read());
  note("a handshake, posted for events", await answerOf(fetch(url, { method: "POST", body: handshake })));
  note("its answer, as an event", await read());
  note("events of a connection that has some", await answerOf(fetch(url, { headers: events })));
  note("a poll of a connection with events", await answerOf(fetch(url)));
  note("goodbye to a connection with events", await answerOf(fetch(url, { method: "DELETE" })));
  aborter.abort();
  await reader?.closed.catch(() => undefined);
  await Bun.sleep(200);
  note("a post after the events", await answerOf(fetch(url, { method: "POST", body: "x" })));
}

/** The type of an empty body says nothing. */
async function answerOf(answer: Promise<Response>) {
  const { status, headers, text } = await bodyOf(answer);
  return { status, ...(text === "" ? {} : { type: headers.get("content-type"), text }) };
}

async function bodyOf(answer: Promise<Response>) {
  const response = await answer;
  return { status: response.status, headers: response.headers, text: await response.text() };
}
