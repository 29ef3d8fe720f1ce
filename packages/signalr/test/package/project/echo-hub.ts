import { anonymous, createSignalR, defineHub } from "@hubbub/signalr";

export const signalr = createSignalR({
  hubs: [defineHub()({ path: "/echo", authenticate: anonymous, methods: { Echo: (_call, value) => value } })],
});
