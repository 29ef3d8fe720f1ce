import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { answerHttp, tellPort } from "./http-face.ts";
import { messageOf } from "./message.ts";

// Raw `ws`: a loop over all sockets, the message encoded once.
const server = createServer(answerHttp);
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const group = new Set<WebSocket>();
sockets.on("connection", (socket) => {
  group.add(socket);
  socket.on("close", () => group.delete(socket));
  socket.on("error", () => group.delete(socket));
  socket.on("message", (data) => {
    const [first, count]: [number, number] = JSON.parse(String(data));
    for (let n = first; n < first + count; n++) {
      const frame = Buffer.from(JSON.stringify(messageOf(n)));
      for (const member of group) member.send(frame, { binary: false });
    }
  });
  socket.send("welcome");
});
tellPort(server);
