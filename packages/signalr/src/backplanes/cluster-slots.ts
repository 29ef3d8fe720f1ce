/** How many slots a Redis cluster shares out. */
const slotCount = 16_384;

/** Of a server of the cluster. */
export interface ServerAddress {
  /** Empty when it is that of the server which was asked. */
  readonly host: string;
  readonly port: number;
}

/** Which server has which slots; without a cluster nobody has. */
export class ClusterSlots {
  readonly #servers: (ServerAddress | undefined)[] = [];

  /**
   * @param answer to `CLUSTER SLOTS`: of each range its first and last slot, its server's host and port, and more
   * @throws TypeError when it is something else
   */
  constructor(answer: unknown = []) {
    if (!Array.isArray(answer)) throw new TypeError("Not an answer to CLUSTER SLOTS.");
    for (const range of answer) {
      if (!Array.isArray(range) || !Array.isArray(range[2])) throw new TypeError("Not a range of slots.");
      const [first, last, [host, port]] = range;
      const server = { host: host === null ? "" : String(host), port: Number(port) };
      for (let slot = Number(first); slot <= Number(last) && slot < slotCount; slot++) this.#servers[slot] = server;
    }
  }

  /** Every server that has slots. */
  get servers(): ReadonlySet<ServerAddress> {
    return new Set(this.#servers.flatMap((server) => server ?? []));
  }

  /** @param channel its full name, prefix included */
  serverOf(channel: string): ServerAddress | undefined {
    return this.#servers[slotOf(channel)];
  }
}

/** @returns the slot of a channel, by what stands between its first braces, if anything does */
export function slotOf(channel: string): number {
  const open = channel.indexOf("{");
  const close = open < 0 ? -1 : channel.indexOf("}", open + 1);
  return crc16(close > open + 1 ? channel.slice(open + 1, close) : channel) % slotCount;
}

/** CRC-16/XMODEM: polynomial 0x1021, from zero, as the cluster specification of Redis asks. */
function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
