import { setTimeout as sleep } from "node:timers/promises";
import { HubException, type HubMethod, HubUnauthorizedError } from "@hubbub/signalr";
import { bind, InvalidOperationException, type Parameter } from "../../test-server/binding.ts";

export interface OracleTypes {
  readonly user: undefined;
  readonly events: { readonly Message: unknown; readonly Ask: string };
}

type Method = HubMethod<OracleTypes>;
export type Call = Parameters<Method>[0];
type Methods = Readonly<Record<string, Method>>;

/** What methods need beyond their calls. */
export interface OracleContext {
  /** Whether the hub shows what is wrong with arguments. */
  readonly detailed: boolean;
  send(whom: string, text: string, call: Call): void;
  ask(question: string, call: Call): Promise<unknown>;
  setMember(group: string, call: Call, member: boolean): void;
}

/** The same methods, one for one, as in dotnet/OracleHub.cs. */
export function oracleMethods({ detailed, send, ask, setMember }: OracleContext): {
  methods: Methods;
  streams: Methods;
} {
  const typed = (parameters: readonly Parameter[], method: Method) => bind(parameters, method, detailed);
  return {
    methods: {
      Echo: typed(["string"], (_call, value) => value),
      EchoAny: typed(["any"], (_call, value) => value),
      Add: typed(["number", "number"], (_call, left, right) => Number(left) + Number(right)),
      Nothing: typed([], () => undefined),
      NothingLater: typed([], () => sleep(1)),
      WhoAmI: typed([], (call) => (call.userId === "" ? null : call.userId)),
      Transport: typed([], (call) => call.connection.transportName),
      Fail: typed([], fail),
      FailOpenly: typed([], () => {
        throw new HubException("told");
      }),
      Wait: typed(["number"], (_call, milliseconds) => sleep(Number(milliseconds), milliseconds)),
      Restricted: typed([], (call) => {
        if (call.userId !== "admin") throw new HubUnauthorizedError();
        return "admin";
      }),
      Push: typed(["number"], (call, count) => {
        for (let index = 0; index < Number(count); index++) call.connection.send("Message", index);
      }),
      SendTo: typed(["string", "string"], (call, whom, text) => send(String(whom), String(text), call)),
      Join: typed(["string"], (call, group) => setMember(String(group), call, true)),
      Leave: typed(["string"], (call, group) => setMember(String(group), call, false)),
      Abort: typed([], (call) => call.connection.close()),
      Ask: typed(
        ["string"],
        async (call, question) => `answer: ${await call.whileWaiting(ask(String(question), call))}`,
      ),
      Sum: typed([], async (call) => {
        let sum = 0;
        for await (const number of call.streams[0] ?? []) sum += Number(number);
        return sum;
      }),
      Join2: typed(["string"], async (call, separator) => {
        const [left = [], right = []] = call.streams;
        return (await textOf(left)) + separator + (await textOf(right));
      }),
    },
    streams: {
      Count: typed(["number"], (_call, count) => numbers(Number(count))),
      CountByChannel: typed(["number"], (_call, count) => numbers(Number(count))),
      BreakOpenly: typed([], () => breaking(new HubException("broken"))),
      Break: typed([], () => breaking(new InvalidOperationException("secret"))),
      FailToStream: typed([], fail),
      StreamNothing: typed([], () => null),
      Forever: typed([], forever),
      EchoStream: typed([], (call) => call.streams[0]),
    },
  };
}

function fail(): never {
  throw new InvalidOperationException("secret");
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function* breaking(error: Error) {
  yield 1;
  throw error;
}

async function* forever(call: Call) {
  yield 0;
  await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
}

async function textOf(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<string> {
  let text = "";
  for await (const item of items) text += item;
  return text;
}
