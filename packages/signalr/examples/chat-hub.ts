import { anonymous, defineHub, HubError } from "@hubbub/signalr";

interface Types {
  readonly user: undefined;
  readonly events: { said(room: string, text: string): void };
}

/** Rooms in which everyone hears what everyone says. */
export const chatHub = defineHub<Types>()({
  path: "/chat",
  authenticate: anonymous,
  methods: {
    join(call, room) {
      call.joinGroup(String(room));
    },
    say(call, room, text) {
      if (typeof text !== "string" || text === "") throw new HubError("EMPTY: There is nothing to say.");
      call.clients.group(String(room)).send("said", String(room), text);
    },
  },
  streams: {
    async *countdown(call, from) {
      for (let left = Number(from); left > 0 && !call.signal.aborted; left--) yield left;
    },
  },
});
