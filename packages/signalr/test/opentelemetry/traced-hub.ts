// The SDK is started above.
import { createSignalR, defineHub, HubError, HubUnauthorizedError } from "../../src/index.ts";
import { openTelemetry } from "../../src/opentelemetry/opentelemetry.ts";
import { failingOnPurpose } from "../../src/testing/contract-signalr.ts";
import { inSpan } from "./telemetry.ts";

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A hub whose methods have spans of their own, some time after they have begun. */
const tracedHub = defineHub<{ user: undefined; events: Record<never, never> }>()({
  path: "/traced",
  maximumParallelInvocations: 10,
  authenticate: async (_request, { token = "" }) => ({ userId: token, user: undefined }),
  async onConnected({ userId }) {
    await inSpan("in connect", () => pause(1));
    if (userId === "failing") throw new RangeError("not now");
  },
  onDisconnected: () => inSpan("in disconnect", () => pause(1)),
  methods: {
    async Echo(_call, value) {
      await pause(2);
      return inSpan(`in echo of ${value}`, () => value);
    },
    Sync: () => "at once",
    Fail() {
      throw new TypeError("secret");
    },
    async Refuse() {
      await pause(1);
      throw new HubError("FORBIDDEN: not here.");
    },
    Throw: () => Promise.reject("a text"),
    Restricted: () => "never",
    async Wait({ signal }) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
    },
  },
  streams: {
    async *Count(_call, count) {
      for (let index = 0; index < Number(count); index++) {
        await pause(2);
        yield await inSpan("in stream", () => index);
      }
    },
    List: () => [1, 2, 3],
    async *Break() {
      yield 1;
      throw new TypeError("broken");
    },
    async *Never() {
      await new Promise(() => undefined);
    },
    Nothing: () => 1,
  },
  filters: [
    (call, args, next) => {
      if (call.target === "Restricted") throw new HubUnauthorizedError();
      return next(args);
    },
  ],
});

export const signalr = createSignalR({
  hubs: [tracedHub],
  timerResolution: 20,
  logger: failingOnPurpose,
  instrumentation: openTelemetry(),
});
