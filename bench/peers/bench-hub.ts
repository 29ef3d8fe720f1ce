import { anonymous, defineHub, type Hub, type HubContext } from "@hubbub/signalr";
import { type BenchMessage, messageOf } from "./message.ts";

export interface BenchTypes {
  readonly user: undefined;
  readonly events: { readonly Message: BenchMessage };
}

/** @param server the hub as it runs, once it does */
export function benchHub(server: () => HubContext<BenchTypes>): Hub<BenchTypes> {
  return defineHub<BenchTypes>()({
    path: "/hub",
    authenticate: anonymous,
    methods: {
      Publish(_call, first, count) {
        if (typeof first !== "number" || typeof count !== "number") return;
        const room = server().clients.group("room");
        for (let n = first; n < first + count; n++) room.send("Message", messageOf(n));
      },
    },
    onConnected: (connection) => server().lifetime.addToGroup(connection.id, "room"),
  });
}
