import { answerWith } from "../load/child.ts";
import { RawSocket } from "../load/raw-socket.ts";
import { repeat } from "../load/schedule.ts";
import { residentBytesOf } from "../measure/process-usage.ts";

export interface OnlineConfig {
  /** `ws://host:port/path`. */
  readonly url: string;
  readonly serverPid: number;
  readonly tokens: readonly string[];
  /** Of them, how many are online when memory is first read. */
  readonly first: number;
}

export interface OnlineResult {
  readonly connections: number;
  /** Resident memory of the server for each connection added after the first, after a collection. */
  readonly bytesPerConnection: number;
  readonly residentBytes: number;
}

/** Seconds for which the server is asked, each second, to collect what connecting has left. */
const SETTLING = 10;
const END = "\u001e";

async function settledBytesOf(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let second = 0; second < SETTLING; second++) {
    process.kill(pid, "SIGUSR2");
    await Bun.sleep(1000);
    least = Math.min(least, residentBytesOf(pid));
  }
  return least;
}

async function measureOnline({ url, serverPid, tokens, first }: OnlineConfig): Promise<OnlineResult> {
  let lost = 0;
  const connect = async (token: string): Promise<void> => {
    const welcome = Promise.withResolvers<void>();
    const socket = await RawSocket.open(`${url}?access_token=${token}`, {
      message: (payload) => {
        if (payload.includes('"invocationId":"k"')) welcome.resolve();
      },
      lost: () => lost++,
    });
    socket.sendText(
      `{"protocol":"json","version":1}${END}{"type":1,"invocationId":"k","target":"SendMessage","arguments":[]}${END}`,
    );
    await welcome.promise;
  };
  await repeat(first, 50, (index) => connect(tokens[index] ?? ""));
  const before = await settledBytesOf(serverPid);
  await repeat(tokens.length - first, 50, (index) => connect(tokens[first + index] ?? ""));
  const after = await settledBytesOf(serverPid);
  if (lost > 0) throw new Error(`${lost} idle connections were lost.`);
  const connections = tokens.length;
  return { connections, bytesPerConnection: (after - before) / (connections - first), residentBytes: after };
}

if (import.meta.main) await answerWith(measureOnline);
