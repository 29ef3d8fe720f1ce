/** A load balancer without sticky sessions, which makes sure that a connection's requests do not all reach its node. */
export interface RoundRobin extends Disposable {
  readonly address: string;
  /** How many requests for connections went to the node that had negotiated them, and to others. */
  readonly counts: { own: number; other: number };
}

/** @param nodes their addresses, at least two; it carries plain requests, and no WebSockets */
export function startRoundRobin(nodes: readonly string[]): RoundRobin {
  const counts = { own: 0, other: 0 };
  /** By connection token: the index of the node, and how many requests there were. */
  const known = new Map<string, { readonly node: number; requests: number }>();
  let last = 0;

  /** Two of three requests go to other nodes than their connection's own. */
  const choose = (token: string | null): number => {
    const connection = known.get(token ?? "");
    if (connection === undefined) return last++ % nodes.length;
    const turn = connection.requests++ % 3;
    counts[turn === 2 ? "own" : "other"]++;
    return turn === 2 ? connection.node : (connection.node + 1 + (turn % (nodes.length - 1))) % nodes.length;
  };

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    development: false,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search, searchParams } = new URL(request.url);
      const node = choose(searchParams.get("id"));
      const { method, headers, signal } = request;
      const init = { method, headers, signal, redirect: "manual", decompress: false } as const;
      const body = method === "GET" ? null : await request.arrayBuffer();
      const answer = await fetch(`${nodes[node]}${pathname}${search}`, body === null ? init : { ...init, body });
      if (!pathname.endsWith("/negotiate") || answer.status !== 200) return answer;
      const text = await answer.text();
      const { connectionToken } = JSON.parse(text || "{}");
      if (typeof connectionToken === "string") known.set(connectionToken, { node, requests: 0 });
      return new Response(text, { status: answer.status, headers: answer.headers });
    },
    error: () => new Response(null, { status: 502 }),
  });
  return {
    address: `http://127.0.0.1:${server.port}`,
    counts,
    [Symbol.dispose]: () => void server.stop(true),
  };
}
