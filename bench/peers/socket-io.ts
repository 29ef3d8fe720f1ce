import { createServer } from "node:http";
import { Server } from "socket.io";
import { answerHttp, tellPort } from "./http-face.ts";
import { messageOf } from "./message.ts";

const server = createServer((request, response) => {
  if (request.url === "/gc") answerHttp(request, response);
});
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => {
  void socket.join("room");
  socket.on("Publish", (first: number, count: number) => {
    for (let n = first; n < first + count; n++) io.to("room").emit("Message", messageOf(n));
  });
});
tellPort(server);
