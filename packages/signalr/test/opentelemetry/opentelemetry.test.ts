import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { startOnNode } from "../node/start-node.ts";
import { startOnBun } from "../node/start-on-bun.ts";
import { handshake, openRaw } from "../raw-client.ts";
import type { SeenMetric, SeenSpan } from "./telemetry.ts";

const remote = { trace: "0af7651916cd43dd8448eb211c80319c", span: "b7ad6b7169203331" };
const traceparent = `00-${remote.trace}-${remote.span}-01`;

for (const [runtime, start] of [
  ["Bun", () => startOnBun(join(import.meta.dir, "serve-on-bun.ts"))],
  ["Node", () => startOnNode(join(import.meta.dir, "serve-on-node.ts"))],
] as const) {
  describe(`OpenTelemetry on ${runtime}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    const read = async (what: string) => (await fetch(`${server.address}/${what}`)).json();
    const seen: SeenSpan[] = [];

    /** Waits until spans of these names have ended. @returns the first of each */
    async function spansOf<Name extends string>(...names: readonly Name[]): Promise<Record<Name, SeenSpan>> {
      const end = Date.now() + 4000;
      for (;;) {
        const spans: SeenSpan[] = await read("spans");
        seen.push(...spans);
        const missing = names.find((name) => !seen.some((span) => span.name === name));
        if (missing === undefined) break;
        if (Date.now() > end) throw new Error(`There is no span '${missing}' among ${JSON.stringify(seen)}.`);
        await Bun.sleep(5);
      }
      const first = (name: Name) => seen.find((span) => span.name === name);
      return Object.assign({}, ...names.map((name) => ({ [name]: first(name) })));
    }

    /** Invokes methods over a bare socket and reads what is answered. */
    async function connectRaw(token = "") {
      const client = await openRaw(`${server.address}/traced?access_token=${token}`);
      client.send(handshake);
      await client.next();
      return {
        ...client,
        write: (...messages: readonly object[]) =>
          client.send(messages.map((message) => `${JSON.stringify(message)}\x1e`).join("")),
      };
    }

    async function metricsOf(name: string, transport?: string): Promise<readonly SeenMetric[]> {
      const all: readonly SeenMetric[] = await read("metrics");
      const isOf = ({ attributes }: SeenMetric) => attributes["signalr.transport"] === transport;
      return all.filter((metric) => metric.name === name && (transport === undefined || isOf(metric)));
    }

    const connect = (transport = HttpTransportType.WebSockets, token = "") =>
      new HubConnectionBuilder()
        .withUrl(`${server.address}/traced`, { transport, accessTokenFactory: () => token })
        .configureLogging(LogLevel.None)
        .build();

    beforeAll(async () => {
      server = await start();
    }, 30_000);
    afterAll(() => server.stop());
    /** Waits until nothing is left of the test before. */
    beforeEach(async () => {
      const isQuiet = async () => {
        const active = (await metricsOf("signalr.server.active_connections")).map(({ value }) => value);
        return (await read("open-spans")) === 0 && active.every((count) => count === 0);
      };
      for (let attempt = 0; attempt < 400 && !(await isQuiet()); attempt++) await Bun.sleep(5);
      await read("spans");
      seen.length = 0;
    });

    test("[O1] an invocation is a server span, a child of what its headers name, linked to the connection's request", async () => {
      const client = await connectRaw();
      const headers = { traceparent, tracestate: "vendor=value", baggage: "key=value" };
      client.write({ type: 1, target: "eCHO", arguments: ["x"], invocationId: "1", headers });
      expect(await client.next()).toMatchObject({ result: "x" });
      const spans = await spansOf("request", "traced/Echo", "in echo of x");
      expect(spans["traced/Echo"]).toMatchObject({
        kind: SpanKind.SERVER,
        scope: "@hubbub/signalr",
        trace: remote.trace,
        parent: remote.span,
        state: "vendor=value",
        links: [spans.request.id],
        attributes: { "rpc.system": "signalr", "rpc.service": "traced", "rpc.method": "Echo" },
        status: { code: SpanStatusCode.UNSET },
      });
      expect(spans["in echo of x"]).toMatchObject({ trace: remote.trace, parent: spans["traced/Echo"].id });
      client.close();
    });

    test("[O1] without headers that make sense an invocation begins a trace of its own", async () => {
      const client = await connectRaw();
      for (const headers of [undefined, {}, { traceparent: "nonsense", tracestate: "==", baggage: ",;=" }]) {
        client.write({ type: 1, target: "Sync", arguments: [], invocationId: "1", headers });
        await client.next();
      }
      const { request } = await spansOf("request", "traced/Sync");
      const own = seen.filter(({ name }) => name === "traced/Sync");
      expect(own.map(({ parent, links }) => [parent, links])).toEqual(own.map(() => [undefined, [request.id]]));
      expect(new Set([...own, request].map((span) => span.trace)).size).toBe(4);
      client.close();
    });

    test("[O1] the request that brings an invocation is not its parent", async () => {
      const client = connect(HttpTransportType.LongPolling);
      await client.start();
      await client.invoke("Sync");
      const { "traced/Sync": span } = await spansOf("traced/Sync");
      expect(span).toMatchObject({ links: [expect.any(String)], attributes: { "rpc.method": "Sync" } });
      expect(span.parent).toBeUndefined();
      await client.stop();
    });

    test("[O1] what invocations do at the same time stays apart", async () => {
      const client = await connectRaw();
      const texts = ["a", "b", "c", "d", "e"];
      client.write(...texts.map((text) => ({ type: 1, target: "Echo", arguments: [text], invocationId: text })));
      for (const _ of texts) await client.next();
      const inner = Object.values(await spansOf(...texts.map((text) => `in echo of ${text}`)));
      const outer = seen.filter(({ name }) => name === "traced/Echo");
      expect(new Set(inner.map(({ parent }) => parent))).toEqual(new Set(outer.map(({ id }) => id)));
      expect(new Set(outer.map((span) => span.trace)).size).toBe(5);
      client.close();
    });

    test("[O2] what a method throws is an error of its span: foreseen by its text, anything else as an exception too", async () => {
      const client = connect();
      await client.start();
      const failureOf = async (method: string) => {
        await client.invoke(method).catch(() => undefined);
        const [span] = Object.values(await spansOf(`traced/${method}`));
        return [span?.status.code, span?.status.message, span?.attributes["error.type"], span?.events];
      };
      const error = SpanStatusCode.ERROR;
      expect(await failureOf("Refuse")).toEqual([error, "FORBIDDEN: not here.", "HubError", []]);
      expect(await failureOf("Restricted")).toEqual([error, "", "HubUnauthorizedError", []]);
      expect(await failureOf("Fail")).toEqual([error, "secret", "TypeError", ["exception"]]);
      expect(await failureOf("Throw")).toEqual([error, "a text", "_OTHER", ["exception"]]);
      expect(await failureOf("Sync")).toEqual([SpanStatusCode.UNSET, undefined, undefined, []]);
      // Nothing of the application's runs for these.
      for (const method of ["Absent", "Count"]) await client.invoke(method).catch(() => undefined);
      await client.stop();
      await spansOf("traced/OnDisconnectedAsync");
      expect(seen.map(({ name }) => name)).not.toContain("traced/Absent");
      expect(seen.map(({ name }) => name)).not.toContain("traced/Count");
    });

    test("[O2] a stream's span holds what every step does, and lasts until the stream ends or fails", async () => {
      const client = connect();
      await client.start();
      const streamed = (method: string, ...args: readonly unknown[]) =>
        new Promise((resolve) => {
          const items: unknown[] = [];
          client.stream(method, ...args).subscribe({
            next: (item) => items.push(item),
            complete: () => resolve(items),
            error: ({ message }) => resolve(`${items}, ${message}`),
          });
        });
      expect(await streamed("Count", 3)).toEqual([0, 1, 2]);
      expect(await streamed("List")).toEqual([1, 2, 3]);
      expect(await streamed("Break")).toBe("1, An error occurred on the server while streaming results.");
      expect(await streamed("Nothing")).toBe(", An error occurred on the server while streaming results.");
      const spans = await spansOf("traced/Count", "traced/List", "traced/Break", "traced/Nothing");
      const steps = seen.filter(({ name }) => name === "in stream");
      expect(steps.map(({ parent }) => parent)).toEqual(steps.map(() => spans["traced/Count"].id));
      expect(steps.length).toBe(3);
      expect(seen.indexOf(spans["traced/Count"])).toBeGreaterThan(seen.lastIndexOf(steps[2] ?? spans["traced/Count"]));
      expect(spans["traced/List"].status.code).toBe(SpanStatusCode.UNSET);
      const failed = { code: SpanStatusCode.ERROR };
      expect(spans["traced/Break"]).toMatchObject({
        status: { ...failed, message: "broken" },
        attributes: { "error.type": "TypeError" },
        events: ["exception"],
      });
      expect(spans["traced/Nothing"]).toMatchObject({ status: failed, attributes: { "error.type": "TypeError" } });
      await client.stop();
    });

    test("[O2] what is cancelled, or ends with its connection, is no error", async () => {
      const client = await connectRaw();
      client.write({ type: 4, target: "Never", arguments: [], invocationId: "1" }, { type: 5, invocationId: "1" });
      expect(await client.next()).toEqual({ type: 3, invocationId: "1" });
      client.write({ type: 1, target: "Wait", arguments: [], invocationId: "2" }, { type: 5, invocationId: "2" });
      expect(await client.next()).toMatchObject({ invocationId: "2" });
      client.write({ type: 4, target: "Count", arguments: [1_000_000], invocationId: "3" });
      await client.next();
      client.close();
      const spans = await spansOf("traced/Never", "traced/Wait", "traced/Count");
      for (const span of Object.values(spans)) expect(span).toMatchObject({ status: { code: 0 }, events: [] });
    });

    test("[O3] connect and disconnect handlers are spans within the connection's request, over every transport", async () => {
      for (const transport of ["WebSockets", "ServerSentEvents", "LongPolling"] as const) {
        seen.length = 0;
        const client = connect(HttpTransportType[transport]);
        await client.start();
        await client.invoke("Sync");
        await client.stop();
        const connected = ["traced/OnConnectedAsync", "in connect"] as const;
        const disconnected = ["traced/OnDisconnectedAsync", "in disconnect"] as const;
        const spans = await spansOf("traced/Sync", ...connected, ...disconnected);
        const [origin] = spans["traced/Sync"].links;
        for (const [outer, inner] of [connected, disconnected]) {
          expect(spans[outer], transport).toMatchObject({ kind: SpanKind.INTERNAL, parent: origin });
          expect(spans[inner].parent).toBe(spans[outer].id);
        }
        // A stream of events is a request as long as its connection.
        const request = seen.find(({ id }) => id === origin);
        expect(request?.name).toBe("request");
        expect(spans[connected[0]].trace).toBe(request?.trace ?? "");
      }
    });

    test("[O3] a connect handler that fails is an error of its span", async () => {
      const refused = connect(HttpTransportType.WebSockets, "failing");
      await refused.start().catch(() => undefined);
      const { "traced/OnConnectedAsync": failed } = await spansOf("traced/OnConnectedAsync");
      expect(failed).toMatchObject({
        status: { code: SpanStatusCode.ERROR, message: "not now" },
        attributes: { "rpc.method": "OnConnectedAsync", "error.type": "RangeError" },
        events: ["exception"],
      });
      await refused.stop();
    });

    test("[O4] connections are counted, and how long they last", async () => {
      const active = "signalr.server.active_connections";
      const duration = "signalr.server.connection.duration";
      for (const [transport, tag] of [
        ["WebSockets", "web_sockets"],
        ["LongPolling", "long_polling"],
      ] as const) {
        const durations = async () => (await metricsOf(duration, tag)).map(({ count }) => count);
        const [before = 0] = await durations();
        const client = connect(HttpTransportType[transport]);
        await client.start();
        expect(await metricsOf(active, tag)).toMatchObject([{ value: 1, unit: "{connection}" }]);
        await client.stop();
        seen.length = 0;
        await spansOf("traced/OnDisconnectedAsync");
        expect(await metricsOf(active, tag)).toMatchObject([{ value: 0 }]);
        const attributes = { "signalr.transport": tag, "signalr.connection.status": "normal_closure" };
        expect(await metricsOf(duration, tag)).toMatchObject([{ unit: "s", attributes, count: before + 1 }]);
      }
    });
  });
}
