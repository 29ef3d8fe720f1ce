import { createConnection, createServer, type Socket } from "node:net";

/** A proxy that can break all connections through it, without a farewell. */
export async function startTcpProxy(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const join = (from: Socket, to: Socket) => {
    open.add(from);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => {
      open.delete(from);
      to.destroy();
    });
  };
  let out = false;
  const server = createServer((near) => {
    if (out) {
      near.destroy();
      return;
    }
    const far = createConnection({ host: hostname, port: Number(port) });
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    address: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    breakAll,
    /** While it is out new connections are broken too. */
    setOut(isOut: boolean) {
      out = isOut;
      if (out) breakAll();
    },
    /** Takes no more connections, and breaks those there are. */
    [Symbol.dispose]() {
      server.close();
      breakAll();
    },
  };
}
