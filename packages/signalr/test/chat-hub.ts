import { defineHub, HubError } from "../src/index.ts";

export interface ChatEvents {
  readonly Message: string;
  readonly Numbers: readonly number[];
}

export interface ChatTypes {
  readonly user: { readonly name: string };
  readonly events: ChatEvents;
}

/** A small hub for tests: the token is the user's name, and "refused" is nobody. */
export const chatHub = defineHub<ChatTypes>()({
  path: "/chat",
  async authenticate(_request, { token }) {
    if (token === "refused") return null;
    return { userId: token ?? "", user: { name: token ?? "nobody" } };
  },
  methods: {
    Echo: (_call, value) => value,
    Nothing: () => undefined,
    WhoAmI: (call) => call.user.name,
    async Wait(_call, milliseconds) {
      await Bun.sleep(Number(milliseconds));
      return milliseconds;
    },
    Refuse() {
      throw new HubError("FORBIDDEN: not here.");
    },
    Fail() {
      throw new Error("the password is 1234");
    },
    PushThenReturn(call) {
      call.connection.send("Message", "pushed");
      return "returned";
    },
    Leave(call) {
      call.connection.close({ error: "Go away.", allowReconnect: true });
    },
    Cyclic() {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      return cycle;
    },
  },
});
