import { defineHub } from "../../src/index.ts";

/** How often each ticket was judged. */
const judged = new Map<string, number>();

/** A ticket, like `ada.1`, is of the user before the point, and good for one time. */
export const ticketHub = defineHub<{ user: string; events: { readonly Message: number } }>()({
  path: "/tickets",
  statefulReconnect: true,
  pollTimeout: 2000,
  keepAliveInterval: 50,
  allowedOrigins: () => true,
  async authenticate(_request, { token = "" }) {
    const times = judged.get(token) ?? 0;
    judged.set(token, times + 1);
    const [userId = "", number] = token.split(".");
    return number === undefined || times > 0 ? null : { userId, user: token };
  },
  methods: {
    /** The ticket that the connection was opened with, and how often it was judged. */
    Ticket: (call) => [call.user, judged.get(call.user)],
    Push(call, count) {
      for (let index = 0; index < Number(count); index++) call.connection.send("Message", index);
    },
  },
});
