import { frame, HostileSocket } from "../hostile-socket.ts";

/** Whom to attack, until when, and where to count what the server did about it. */
export interface Target {
  /** Like `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  count(outcome: string): void;
}

export interface Attack {
  readonly name: string;
  /** Rules of SPEC.md that it tries to break. */
  readonly rules: string;
  readonly title: string;
  /** Whether the table of costs keeps it up for the whole time it is given; others get a tenth. */
  readonly sustained?: true;
  /** What the server may do about it; anything else is a failure. */
  readonly outcomes: readonly string[];
  run(target: Target): Promise<void>;
}

export const jsonHandshake = '{"protocol":"json","version":1}\x1e';
export const resumableHandshake = '{"protocol":"json","version":2}\x1e';
export const messagePackHandshake = '{"protocol":"messagepack","version":1}\x1e';
export const ping = '{"type":6}\x1e';

/** @returns an invocation, or with `type` 4 one of a streaming method */
export function invocation(fields: {
  readonly target: string;
  readonly arguments?: readonly unknown[];
  readonly id?: string;
  readonly type?: 1 | 4;
  readonly streamIds?: readonly string[];
}): string {
  const { type = 1, target, id: invocationId, streamIds } = fields;
  return `${JSON.stringify({ type, invocationId, target, arguments: fields.arguments ?? [], streamIds })}\x1e`;
}

/** @returns a WebSocket on a hub, its handshake sent and answered */
export async function openHub(target: Target, path = "/hostile", handshake = jsonHandshake): Promise<HostileSocket> {
  const socket = await HostileSocket.upgrade(target.address, path);
  await socket.write(frame(handshake));
  await socket.until(() => socket.received.includes("\x1e"));
  return socket;
}

/** @returns the token of a new connection */
export async function negotiate({ address }: Target, query = ""): Promise<string> {
  const response = await fetch(`${address}/hostile/negotiate?negotiateVersion=1${query}`, { method: "POST" });
  return (await response.json()).connectionToken;
}

/** Does the same thing again and again until the time is over, several at once. @param pause milliseconds in between */
export async function repeat(
  { until }: Target,
  workers: number,
  pause: number,
  task: () => Promise<void>,
): Promise<void> {
  const work = async () => {
    while (Date.now() < until) {
      await task();
      await Bun.sleep(pause);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

export function times<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

/** Waits until the time is over, and counts how the server has ended each socket by then. */
export async function countOutcomes(target: Target, sockets: readonly HostileSocket[]): Promise<void> {
  const outcomes = await Promise.all(sockets.map((socket) => socket.outcome(target.until - Date.now())));
  for (const outcome of outcomes) target.count(outcome);
  for (const socket of sockets) socket.destroy();
}
