import { answerWith } from "../load/child.ts";
import { RawSocket } from "../load/raw-socket.ts";
import { repeat } from "../load/schedule.ts";
import { residentBytesOf } from "../measure/process-usage.ts";
import { type DialectName, dialects } from "./dialects.ts";

export interface IdleConfig {
  readonly dialect: DialectName;
  readonly port: number;
  readonly pid: number;
  /** Connections at which memory is first read; what a server needs in any case is allocated by then. */
  readonly first: number;
  /** Connections that are added then. */
  readonly more: number;
}

export interface IdleResult {
  readonly connections: number;
  /** Resident memory of the server's process, after a collection, for each connection added. */
  readonly bytesPerConnection: number;
  readonly residentBytes: number;
}

async function measureIdle({ dialect: name, port, pid, first, more }: IdleConfig): Promise<IdleResult> {
  const dialect = dialects[name];
  const sockets: RawSocket[] = [];
  let lost = 0;
  const connect = async (): Promise<void> => {
    const welcome = Promise.withResolvers<void>();
    const socket = await RawSocket.open(`ws://127.0.0.1:${port}${dialect.path}`, {
      message: (payload) => {
        const text = payload.toString();
        if (dialect.isWelcome(text)) welcome.resolve();
        const answer = dialect.answer(text);
        if (answer !== undefined) socket.sendText(answer);
      },
      lost: () => lost++,
    });
    sockets.push(socket);
    if ("greeting" in dialect) socket.sendText(dialect.greeting);
    await welcome.promise;
  };
  const reach = async (count: number): Promise<number> => {
    await repeat(count, 50, connect);
    await Bun.sleep(500);
    for (let round = 0; round < 3; round++) {
      await fetch(`http://127.0.0.1:${port}/gc`);
      await Bun.sleep(200);
    }
    return residentBytesOf(pid);
  };
  const before = await reach(first);
  const after = await reach(more);
  if (lost > 0) throw new Error(`${lost} idle connections were lost.`);
  return { connections: sockets.length, bytesPerConnection: (after - before) / more, residentBytes: after };
}

if (import.meta.main) await answerWith(measureIdle);
