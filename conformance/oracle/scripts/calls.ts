import type { Message } from "../client/codec.ts";
import { RawClient } from "../client/raw-client.ts";
import { type Deviation, inTurn, type Note, type Script, type Target } from "../script.ts";
import { transportsFor } from "./transports.ts";

/** What is sent in one piece, and how the client answers what the server asks of it. */
interface Step {
  readonly title: string;
  readonly send: readonly Message[];
  /** Sent when a message of the step has come that it is for. */
  readonly reply?: (message: Message) => readonly Message[];
}

const call = (invocationId: string | undefined, target: string, ...args: readonly unknown[]): Message => ({
  type: 1,
  ...(invocationId === undefined ? {} : { invocationId }),
  target,
  arguments: args,
});
const stream = (invocationId: string, target: string, ...args: readonly unknown[]): Message => ({
  type: 4,
  invocationId,
  target,
  arguments: args,
});
const item = (invocationId: string, value: unknown): Message => ({ type: 2, invocationId, item: value });
const done = (invocationId: string, outcome: object = {}): Message => ({ type: 3, invocationId, ...outcome });

const steps: readonly Step[] = [
  { title: "echo", send: [call("1", "Echo", "é 👋\n\r\u2028 \u0000 </script>")] },
  { title: "null for text", send: [call("1", "Echo", null)] },
  { title: "any value", send: [call("1", "EchoAny", { list: [1, -2.5, null, true], nested: { a: {} }, text: "x" })] },
  { title: "two arguments", send: [call("1", "Add", 2, 3)] },
  { title: "names in any case", send: [call("1", "eCHO", "x")] },
  { title: "nothing to return", send: [call("1", "Nothing")] },
  { title: "nothing to return, later", send: [call("1", "NothingLater")] },
  { title: "null to return", send: [call("1", "WhoAmI")] },
  { title: "no id, no answer", send: [call(undefined, "Echo", "x")] },
  { title: "no id, no answer to a failure", send: [call(undefined, "Fail")] },
  { title: "no id, no answer to an absent method", send: [call(undefined, "Absent")] },
  { title: "an empty id", send: [call("", "Echo", "x")] },
  { title: "headers", send: [{ ...call("1", "Echo", "x"), headers: { a: "b" } }] },
  { title: "failure", send: [call("1", "Fail")] },
  { title: "failure told", send: [call("1", "FailOpenly")] },
  { title: "absent method", send: [call("1", "Absent", 1)] },
  { title: "absent streaming method", send: [stream("1", "Absent", 1)] },
  { title: "a base class's method", send: [call("1", "OnConnectedAsync")] },
  { title: "too many arguments", send: [call("1", "Echo", "x", "y")] },
  { title: "too few arguments", send: [call("1", "Echo")] },
  { title: "arguments of another type", send: [call("1", "Add", "x", 3)] },
  { title: "unauthorized", send: [call("1", "Restricted")] },
  { title: "order of pushes and completion", send: [call("1", "Push", 3)] },
  { title: "one after another", send: [call("1", "Wait", 60), call("2", "Wait", 1), call("3", "Echo", "x")] },
  { title: "the same id twice", send: [call("1", "Wait", 30), call("1", "Echo", "x")] },
  { title: "to the caller", send: [call("1", "SendTo", "caller", "x")] },
  { title: "to all", send: [call("1", "SendTo", "all", "x")] },
  { title: "to others", send: [call("1", "SendTo", "others", "x")] },
  {
    title: "to a group, joined and left",
    send: [
      call("1", "Join", "g"),
      call("2", "Join", "g"),
      call("3", "SendTo", "g", "in"),
      call("4", "Leave", "g"),
      call("5", "SendTo", "g", "out"),
      call("6", "Leave", "g"),
    ],
  },
  { title: "a stream", send: [stream("1", "Count", 4)] },
  { title: "an empty stream", send: [stream("1", "Count", 0)] },
  { title: "a stream from a channel", send: [stream("1", "CountByChannel", 3)] },
  { title: "a stream that breaks", send: [stream("1", "Break")] },
  { title: "a stream that breaks and tells", send: [stream("1", "BreakOpenly")] },
  { title: "a stream that does not begin", send: [stream("1", "FailToStream")] },
  { title: "no stream returned", send: [stream("1", "StreamNothing")] },
  {
    title: "a stream cancelled",
    send: [stream("1", "Forever")],
    reply: ({ type }) => (type === 2 ? [{ type: 5, invocationId: "1" }] : []),
  },
  { title: "a cancellation of nothing", send: [{ type: 5, invocationId: "77" }] },
  {
    title: "a stream under an id in use",
    send: [stream("1", "Forever")],
    reply({ type, error }) {
      if (type === 2) return [stream("1", "Count", 1)];
      return error === undefined ? [] : [{ type: 5, invocationId: "1" }];
    },
  },
  { title: "a streaming method called", send: [call("1", "Count", 1)] },
  { title: "a plain method streamed", send: [stream("1", "Echo", "x")] },
  { title: "a streaming method called, with too many arguments", send: [call("1", "Count", 1, 2)] },
  { title: "a streaming method called, with arguments of another type", send: [call("1", "Count", "x")] },
  { title: "a streaming method called, with too many arguments and no id", send: [call(undefined, "Count", 1, 2)] },
  { title: "a plain method streamed, with too many arguments", send: [stream("1", "Echo", "x", "y")] },
  { title: "an upload", send: [{ ...call("1", "Sum"), streamIds: ["s"] }, item("s", 1), item("s", 2), done("s")] },
  {
    title: "an upload of more than is buffered",
    send: [{ ...call("1", "Sum"), streamIds: ["s"] }, ...Array.from({ length: 50 }, () => item("s", 1)), done("s")],
  },
  {
    title: "an upload that fails",
    send: [{ ...call("1", "Sum"), streamIds: ["s"] }, item("s", 1), done("s", { error: "of the client" })],
  },
  {
    title: "two uploads",
    send: [
      { ...call("1", "Join2", "-"), streamIds: ["a", "b"] },
      item("b", "B"),
      item("a", "A"),
      done("b"),
      item("a", "a"),
      done("a"),
    ],
  },
  {
    title: "an upload streamed back",
    send: [{ ...stream("1", "EchoStream"), streamIds: ["s"] }, item("s", 1), item("s", 2), done("s")],
  },
  { title: "an item of no upload", send: [item("77", 1)] },
  { title: "a completion of nothing", send: [done("77", { result: 1 })] },
  {
    title: "a client's result",
    send: [call("1", "Ask", "why")],
    reply: (message) =>
      message["target"] === "Ask" ? [done(String(message["invocationId"]), { result: "because" })] : [],
  },
  {
    title: "a client's failure",
    send: [call("1", "Ask", "why")],
    reply: (message) =>
      message["target"] === "Ask" ? [done(String(message["invocationId"]), { error: "no idea" })] : [],
  },
  {
    title: "a call while a client is asked",
    send: [call("1", "Ask", "why"), call("2", "Echo", "x")],
    reply: (message) => (message["invocationId"] === "2" ? [] : askedReply(message)),
  },
  { title: "an unknown type", send: [{ type: 42 }] },
  { title: "a ping", send: [{ type: 6 }] },
];

/** Answers only once the caller's other call has come through. */
function askedReply(message: Message): readonly Message[] {
  return message["target"] === "Ask"
    ? [call("3", "Echo", "between"), done(String(message["invocationId"]), { result: "because" })]
    : [];
}

const notIterable = "TypeError: The value returned by the streaming method 'StreamNothing' cannot be iterated.";

/** @returns the deviations of a hub's step, which is the same on each of the transports */
function ofStep(hub: string, transports: readonly string[], title: string, deviation: Deviation) {
  return Object.fromEntries(transports.map((transport) => [`${hub} ${transport}: ${title}`, deviation]));
}

const idInUse: Deviation = {
  why: "The reference forgets the stream that has the id, and cannot cancel it any more.",
  ours: {
    messages: [
      { type: 2, invocationId: "1", item: 0 },
      { type: 3, invocationId: "1", error: "Invocation ID '1' is already in use." },
      { type: 3, invocationId: "1" },
    ],
  },
};

function noStreamReturned(detail: string): Deviation {
  const error = `An error occurred on the server while streaming results.${detail}`;
  return {
    why: "The reference's text names types of .NET.",
    ours: { messages: [{ type: 3, invocationId: "1", error }] },
  };
}

/** Everything a client may call, in the hub protocol by hand. */
export const calls: Script = {
  name: "calls",
  speaks: true,
  deviations: {
    ...ofStep("/oracle", ["WebSockets", "ServerSentEvents", "LongPolling"], "a stream under an id in use", idInUse),
    ...ofStep("/detailed", ["WebSockets"], "a stream under an id in use", idInUse),
    ...ofStep("/oracle", ["WebSockets", "ServerSentEvents", "LongPolling"], "no stream returned", noStreamReturned("")),
    ...ofStep("/detailed", ["WebSockets"], "no stream returned", noStreamReturned(` ${notIterable}`)),
  },
  run: (target, note) =>
    inTurn(["/oracle", "/detailed"], (hub) =>
      inTurn(hub === "/oracle" ? transportsFor(target) : (["WebSockets"] as const), async (transport) => {
        const client = await RawClient.connect(target.address + hub, { transport, protocol: target.protocol });
        await inTurn(steps, (step) =>
          runStep(step, client, (title, observed) => note(`${hub} ${transport}: ${title}`, observed)),
        );
        await client.leave();
        if (transport === "WebSockets")
          note(`${hub} ${transport}: frames of the protocol's kind`, framesFit(client, target));
      }),
    ),
};

/** Milliseconds after which a call counts as never answered. */
const patience = 1000;

/** Sends what a step sends, waits for its answers, and then for that of one call more: what came before that is the step's. */
async function runStep({ title, send, reply }: Step, client: RawClient, note: Note): Promise<void> {
  const unanswered: string[] = [];
  const seen: Message[] = [];
  const sendAll = async (messages: readonly Message[]) => {
    for (const { type, invocationId } of messages)
      if (isAnswered(type) && invocationId) unanswered.push(String(invocationId));
    if (messages.length > 0) await client.send(...messages);
  };
  const takeUntil = async (enough: () => boolean) => {
    while (!enough() && client.end === undefined) {
      await client.until((messages) => messages.length > 0, patience);
      for (const message of client.take()) {
        seen.push(message);
        const index = message["type"] === 3 ? unanswered.indexOf(String(message["invocationId"])) : -1;
        if (index >= 0) unanswered.splice(index, 1);
        await sendAll(reply?.(message) ?? []);
      }
    }
  };
  await sendAll(send);
  await takeUntil(() => unanswered.length === 0).catch(() => undefined);
  await client.send(call("fence", "Echo", "fence"));
  const isFence = ({ invocationId }: Message) => invocationId === "fence";
  await takeUntil(() => seen.some(isFence)).catch(() => undefined);
  const messages = seen.filter((message) => !isFence(message)).map(withoutServerId);
  note(title, { messages, ...(unanswered.length > 0 ? { unanswered } : {}), end: client.end });
}

const isAnswered = (type: unknown) => type === 1 || type === 4;

/** The id under which a server asks a client is its own affair. */
function withoutServerId(message: Message): Message {
  return message["type"] === 1 && "invocationId" in message ? { ...message, invocationId: "of the server" } : message;
}

/** The handshake's answer is a frame like those that follow. */
function framesFit(client: RawClient, { protocol }: Target): boolean {
  return client.frames.every((kind) => kind === (protocol === "json" ? "text" : "binary"));
}
