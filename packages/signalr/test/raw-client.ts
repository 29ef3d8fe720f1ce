import { WebSocket } from "ws";

/** A WebSocket that shows exactly what the server sends, record by record. */
export interface RawClient {
  send(text: string | Uint8Array): void;
  /** @returns the next record, parsed; rejects when the socket closes first */
  next(): Promise<unknown>;
  readonly closed: Promise<number>;
  close(): void;
}

export const handshake = '{"protocol":"json","version":1}\x1e';

/** Opens a WebSocket on an http address. */
export async function openRaw(address: string, headers: Record<string, string> = {}): Promise<RawClient> {
  const socket = new WebSocket(address.replace("http", "ws"), { headers });
  const records: unknown[] = [];
  const waiting: { resolve(record: unknown): void; reject(error: Error): void }[] = [];
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener("close", ({ code }) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`closed with ${code}`));
      resolve(code);
    });
  });
  socket.addEventListener("message", ({ data }) => {
    for (const text of String(data).split("\x1e").slice(0, -1)) {
      const record: unknown = JSON.parse(text);
      const waiter = waiting.shift();
      if (waiter === undefined) records.push(record);
      else waiter.resolve(record);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("The upgrade was refused.")));
  });
  return {
    send: (text) => socket.send(text),
    next() {
      if (records.length > 0) return Promise.resolve(records.shift());
      if (socket.readyState === WebSocket.CLOSED) return Promise.reject(new Error("closed"));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    closed,
    close: () => socket.close(),
  };
}
