import type { SyncAnswer } from "@hubbub/contract";
import { answerWith } from "../load/child.ts";
import { RawSocket } from "../load/raw-socket.ts";
import { repeat } from "../load/schedule.ts";

export interface ReconnectConfig {
  /** `ws://host:port/path`. */
  readonly url: string;
  readonly epoch: string;
  readonly clients: readonly ReturningClient[];
  /** Milliseconds since 1970 at which all of them have lost their connection. */
  readonly startAt: number;
}

export interface ReturningClient {
  readonly token: string;
  /** Its conversations: of each it knows nothing, and has missed one message. */
  readonly conversations: readonly string[];
}

export interface ReconnectTimes {
  /** Milliseconds from the start until each client was current. */
  readonly current: readonly number[];
  /** Of all answers to Sync. */
  readonly bytes: number;
  readonly cpuSeconds: number;
}

/** Connections that one process opens side by side; the queue of the listening socket is finite. */
const AT_ONCE = 250;
const END = "\u001e";

async function returnAll({ url, epoch, clients, startAt }: ReconnectConfig): Promise<ReconnectTimes> {
  const current: number[] = [];
  let bytes = 0;
  await Bun.sleep(Math.max(0, startAt - Date.now()));
  await repeat(clients.length, AT_ONCE, async (index) => {
    const client = clients[index];
    if (client === undefined) return;
    const synced = Promise.withResolvers<void>();
    const socket = await RawSocket.open(`${url}?access_token=${client.token}`, {
      message: (payload) => {
        if (!payload.includes('"invocationId":"s"')) return;
        const text = payload.toString();
        bytes += payload.length;
        const answer: { result?: SyncAnswer; error?: string } = JSON.parse(
          text.slice(text.indexOf('{"type":3')).split(END)[0] ?? "",
        );
        const told = answer.result?.conversations ?? [];
        const isCurrent =
          told.length === client.conversations.length && told.every(({ changes = [] }) => changes.length === 1);
        if (isCurrent) synced.resolve();
        else synced.reject(new Error(`A sync missed something: ${answer.error ?? text.slice(0, 300)}`));
      },
      lost: (code) => synced.reject(new Error(`A connection was lost (${code}).`)),
    });
    const conversations = Object.fromEntries(client.conversations.map((id) => [id, 0]));
    const call = { type: 1, invocationId: "s", target: "Sync", arguments: [{ epoch, userPts: 0, conversations }] };
    socket.sendText(`{"protocol":"json","version":1}${END}${JSON.stringify(call)}${END}`);
    await synced.promise;
    current.push(Date.now() - startAt);
  });
  const { user, system } = process.cpuUsage();
  return { current, bytes, cpuSeconds: (user + system) / 1e6 };
}

if (import.meta.main) await answerWith(returnAll);
