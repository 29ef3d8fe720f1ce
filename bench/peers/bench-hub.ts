import { anonymous, defineHub, type Hub, type HubContext } from "@hubbub/signalr";
import { type BenchMessage, messageOf } from "./message.ts";

export interface BenchTypes {
  readonly user: undefined;
  readonly events: { readonly Message: BenchMessage };
}

export interface BenchHubOptions {
  /** As the hub takes it. */
  readonly nativeRoomSize?: number;
  /** Groups of 50 that each connection is in, in place of the one room of all. */
  readonly groups?: number;
}

/** @param server the hub as it runs, once it does */
export function benchHub(
  server: () => HubContext<BenchTypes>,
  { groups, ...options }: BenchHubOptions = {},
): Hub<BenchTypes> {
  let connections = 0;
  return defineHub<BenchTypes>()({
    path: "/hub",
    ...options,
    authenticate: anonymous,
    methods: {
      Publish(_call, first, count) {
        if (typeof first !== "number" || typeof count !== "number") return;
        const room = server().clients.group("room");
        for (let n = first; n < first + count; n++) room.send("Message", messageOf(n));
      },
    },
    onConnected({ id }) {
      const { lifetime } = server();
      const crowd = Math.floor(connections++ / 50);
      if (groups === undefined) lifetime.addToGroup(id, "room");
      else for (let group = 0; group < groups; group++) lifetime.addToGroup(id, `${crowd} ${group}`);
    },
  });
}
