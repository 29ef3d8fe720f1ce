import { newUserId } from "@hubbub/contract";
import fc from "fast-check";
import type { ChatStorage } from "../storage/chat-storage.ts";
import type { Locks } from "../storage/locks.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { ChatStore } from "../store/chat-store.ts";
import type { Faults } from "./simulated-network.ts";
import { SimulatedServer } from "./simulated-server.ts";

// A person with windows of one browser at a simulated server: for tests only.

export const user = { id: newUserId(), username: "ann", displayName: "Ann" };
export const other = newUserId();

/** Numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  const [first = 0] = fc.sample(fc.integer(), { seed, numRuns: 1 });
  let state = first | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What windows of one browser share: storage, and locks that one of them holds at a time. */
export class Browser {
  readonly storage: ChatStorage = new MemoryStorage();
  readonly #held = new Map<string, Promise<unknown>>();
  readonly locks: Locks = {
    exclusively: <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
      const turn = (this.#held.get(name) ?? Promise.resolve()).then(act, act);
      this.#held.set(name, turn);
      return turn;
    },
  };
}

export function openWindow(server: SimulatedServer, { storage, locks }: Browser): ChatStore {
  const { api, hub, network } = server;
  return new ChatStore({
    api,
    locks,
    openStorage: () => Promise.resolve(storage),
    connection: {
      call: hub.call,
      tell: (name, input) => void hub.call(name, input).catch(() => undefined),
      on: (name, listener) => network.on(name, listener),
      onState: network.onState,
      onNumbered: network.onNumbered,
      start: () => server.start(),
      stop: () => Promise.resolve(),
      get state() {
        return network.state;
      },
    },
    user,
    gapDelay: 4,
    markPause: 3,
    saveDelay: 2,
    retryDelay: () => 1,
  });
}

export function begin(faults: Faults) {
  const server = new SimulatedServer(user.id, [other], faults);
  const browser = new Browser();
  return { server, browser, store: openWindow(server, browser) };
}

export async function until(isSo: () => boolean | Promise<boolean>, milliseconds = 2000): Promise<void> {
  for (const end = Date.now() + milliseconds; !(await isSo()) && Date.now() < end; ) await wait(2);
}
