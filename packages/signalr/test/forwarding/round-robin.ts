/** A load balancer without sticky sessions, which makes sure that a connection's requests do not all reach its node. */
export interface RoundRobin extends Disposable {
  readonly address: string;
  /** How many requests for connections went to the node that had negotiated them, and to others. */
  readonly counts: { own: number; other: number };
}

/** @param nodes their addresses, at least two; the first negotiates. It carries plain requests, and no WebSockets */
export function startRoundRobin(nodes: readonly string[]): RoundRobin {
  const counts = { own: 0, other: 0 };
  /** How many requests there were, by connection token. */
  const requests = new Map<string, number>();

  /** Two of three requests of a connection go to other nodes than the first. */
  const choose = (token: string | null): number => {
    if (token === null) return 0;
    const turn = requests.get(token) ?? 0;
    requests.set(token, turn + 1);
    const node = turn % 3 === 2 ? 0 : 1 + (turn % (nodes.length - 1));
    counts[node === 0 ? "own" : "other"]++;
    return node;
  };

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    development: false,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search, searchParams } = new URL(request.url);
      const { method, headers, signal } = request;
      const init = { method, headers, signal, redirect: "manual", decompress: false } as const;
      const body = method === "POST" ? await request.arrayBuffer() : null;
      const address = `${nodes[choose(searchParams.get("id"))]}${pathname}${search}`;
      return fetch(address, body === null ? init : { ...init, body });
    },
    error: () => new Response(null, { status: 502 }),
  });
  return {
    address: `http://127.0.0.1:${server.port}`,
    counts,
    [Symbol.dispose]: () => void server.stop(true),
  };
}
