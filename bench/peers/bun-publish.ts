import { messageOf } from "./message.ts";

// What Bun itself can do, with no protocol on top: one native topic.
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, self) {
    if (new URL(request.url).pathname === "/gc") {
      Bun.gc(true);
      return new Response();
    }
    return self.upgrade(request, { data: undefined }) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open(socket) {
      socket.subscribe("room");
      socket.send("welcome");
    },
    message(_socket, data) {
      const [first, count]: [number, number] = JSON.parse(String(data));
      for (let n = first; n < first + count; n++) server.publish("room", JSON.stringify(messageOf(n)));
    },
  },
});
console.log(`port ${server.port}`);
