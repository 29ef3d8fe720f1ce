import { ChatConnection, type HubbubApi } from "@hubbub/client";

/** How long a connection may take to come up, in ms. */
const patience = 30_000;

/** Opens a connection to the chat hub. @throws when it is not online within 30 s */
export async function openConnection(api: HubbubApi): Promise<ChatConnection> {
  const connection = new ChatConnection(api);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No connection: ${connection.state.status}`)), patience);
    const stopHearing = connection.onState(({ status }) => {
      if (status !== "online") return;
      clearTimeout(timer);
      stopHearing();
      resolve();
    });
    connection.start();
  });
  return connection;
}

/** The connections of those who spoke last. Whoever was silent for long is disconnected and connects anew to speak. */
export class SpeakerConnections {
  readonly #most: number;
  readonly #open = new Map<HubbubApi, ChatConnection>();

  /** @param most connections open at once */
  constructor(most: number) {
    this.#most = most;
  }

  async of(api: HubbubApi): Promise<ChatConnection> {
    const connection = this.#open.get(api) ?? (await openConnection(api));
    // A Map keeps the order of insertion: the first is the one that has been silent longest.
    this.#open.delete(api);
    this.#open.set(api, connection);
    const [longestSilent] = this.#open;
    if (this.#open.size > this.#most && longestSilent !== undefined) {
      this.#open.delete(longestSilent[0]);
      await longestSilent[1].stop();
    }
    return connection;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((connection) => connection.stop()));
    this.#open.clear();
  }
}
