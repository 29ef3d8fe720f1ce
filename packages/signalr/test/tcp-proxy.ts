import type { Socket } from "bun";

interface Side {
  peer: Socket<Side> | null;
  readonly early: Uint8Array[];
}

/** A proxy that can break all connections through it, without a farewell. */
export function startTcpProxy(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket<Side>>();
  const close = (socket: Socket<Side>) => {
    open.delete(socket);
    socket.data.peer?.terminate();
  };
  const data = (socket: Socket<Side>, bytes: Uint8Array) => {
    if (socket.data.peer === null) socket.data.early.push(bytes.slice());
    else socket.data.peer.write(bytes);
  };
  const listener = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data,
      close,
      open(socket) {
        socket.data = { peer: null, early: [] };
        open.add(socket);
        void Bun.connect<Side>({
          hostname,
          port: Number(port),
          data: { peer: socket, early: [] },
          socket: { data, close },
        }).then((upstream) => {
          socket.data.peer = upstream;
          for (const bytes of socket.data.early.splice(0)) upstream.write(bytes);
        });
      },
    },
  });
  return {
    address: `http://127.0.0.1:${listener.port}`,
    breakAll() {
      for (const socket of open) {
        socket.data.peer?.terminate();
        socket.terminate();
      }
      open.clear();
    },
    [Symbol.dispose]: () => listener.stop(true),
  };
}
