import { answerWith } from "../load/child.ts";
import { DeliveryLedger } from "../load/delivery-ledger.ts";
import { numberAfter } from "../load/number-after.ts";
import { RawSocket } from "../load/raw-socket.ts";
import { dueAt, holdsWithin, now, onSchedule, repeat } from "../load/schedule.ts";
import { Histogram, type Percentiles } from "../measure/histogram.ts";
import { cpuSecondsOfTree, residentBytesOf } from "../measure/process-usage.ts";
import { type DialectName, dialects } from "./dialects.ts";

export interface BroadcastConfig {
  readonly dialect: DialectName;
  readonly port: number;
  readonly pid: number;
  readonly clients: number;
  readonly phases: readonly BroadcastPhase[];
}

export interface BroadcastPhase {
  /** Messages that the server sends in one turn. */
  readonly messagesPerTurn: number;
  readonly turnsPerSecond: number;
  readonly seconds: number;
}

export interface BroadcastResult {
  readonly messagesPerTurn: number;
  readonly publishes: number;
  readonly deliveries: number;
  readonly serverCpuSeconds: number;
  readonly loadCpuSeconds: number;
  /** Microseconds. */
  readonly cpuPerDelivery: number;
  /** As clients see them: messages for each time that bytes came. */
  readonly messagesPerRead: number;
  readonly residentBytes: number;
  /** Milliseconds from when a turn was due. */
  readonly latency: Percentiles;
}

/** Milliseconds in which what was sent last must arrive. */
const PATIENCE = 15_000;
/** Before anything is measured, so that compilers have seen the path. */
const WARM_UP: readonly BroadcastPhase[] = [
  { messagesPerTurn: 1, turnsPerSecond: 40, seconds: 1 },
  { messagesPerTurn: 10, turnsPerSecond: 8, seconds: 1 },
];

class Broadcast {
  readonly #config: BroadcastConfig;
  readonly #ledger: DeliveryLedger;
  readonly #sockets: RawSocket[] = [];
  /** Of the phase under way. */
  #histogram = new Histogram();
  #began = 0;
  #first = 0;
  #phase: BroadcastPhase | undefined;
  #published = 0;

  constructor(config: BroadcastConfig) {
    this.#config = config;
    this.#ledger = new DeliveryLedger(config.clients);
  }

  async run(): Promise<BroadcastResult[]> {
    await repeat(this.#config.clients, 50, (client) => this.#connect(client));
    for (const phase of WARM_UP) await this.#run(phase);
    const results: BroadcastResult[] = [];
    for (const phase of this.#config.phases) results.push(await this.#run(phase));
    return results;
  }

  async #connect(client: number): Promise<void> {
    const { dialect: name, port } = this.#config;
    const dialect = dialects[name];
    const welcome = Promise.withResolvers<void>();
    const socket = await RawSocket.open(`ws://127.0.0.1:${port}${dialect.path}`, {
      message: (payload) => {
        if (this.#heard(client, payload)) return;
        const text = payload.toString();
        if (dialect.isWelcome(text)) welcome.resolve();
        const answer = dialect.answer(text);
        if (answer !== undefined) socket.sendText(answer);
      },
      lost: (code) => this.#ledger.faults.push(`client ${client} lost its connection (${code})`),
    });
    this.#sockets[client] = socket;
    if ("greeting" in dialect) socket.sendText(dialect.greeting);
    await welcome.promise;
  }

  /** @returns whether there were messages of ours in the frame */
  #heard(client: number, payload: Buffer): boolean {
    let at = payload.indexOf('"n":', 0, "latin1");
    if (at < 0) return false;
    const time = now();
    for (; at >= 0; at = payload.indexOf('"n":', at + 4, "latin1")) {
      const n = numberAfter(payload, '"n":', at);
      this.#ledger.heard(client, n);
      const phase = this.#phase;
      if (phase === undefined || n < this.#first) continue;
      const turn = Math.floor((n - this.#first) / phase.messagesPerTurn);
      this.#histogram.record(time - dueAt(this.#began, turn, { perSecond: phase.turnsPerSecond, count: 0 }));
    }
    return true;
  }

  async #run(phase: BroadcastPhase): Promise<BroadcastResult> {
    const { pid, clients, dialect } = this.#config;
    const [sender] = this.#sockets;
    const turns = Math.round(phase.turnsPerSecond * phase.seconds);
    const publishes = turns * phase.messagesPerTurn;
    await Bun.sleep(200);
    this.#histogram = new Histogram();
    this.#phase = phase;
    this.#first = this.#published;
    const before = { server: cpuSecondsOfTree(pid), load: process.cpuUsage(), chunks: this.#chunks() };
    const deliveriesBefore = this.#ledger.deliveries;
    this.#began = now() + 20;
    await onSchedule(this.#began, { count: turns, perSecond: phase.turnsPerSecond }, () => {
      sender?.sendText(dialects[dialect].publish(this.#published, phase.messagesPerTurn));
      this.#published += phase.messagesPerTurn;
    });
    const expected = this.#published * clients;
    await holdsWithin(PATIENCE, () => this.#ledger.deliveries >= expected || this.#ledger.faults.length > 0);
    const deliveries = this.#ledger.deliveries - deliveriesBefore;
    this.#mustBeComplete(expected);
    const serverCpuSeconds = cpuSecondsOfTree(pid) - before.server;
    const { user, system } = process.cpuUsage(before.load);
    return {
      messagesPerTurn: phase.messagesPerTurn,
      publishes,
      deliveries,
      serverCpuSeconds,
      loadCpuSeconds: (user + system) / 1e6,
      cpuPerDelivery: (serverCpuSeconds * 1e6) / deliveries,
      messagesPerRead: deliveries / (this.#chunks() - before.chunks),
      residentBytes: residentBytesOf(pid),
      latency: this.#histogram.percentiles(),
    };
  }

  #chunks(): number {
    return this.#sockets.reduce((sum, { chunks }) => sum + chunks, 0);
  }

  #mustBeComplete(expected: number): void {
    const { faults, deliveries } = this.#ledger;
    if (deliveries !== expected) faults.push(`${deliveries} of ${expected} deliveries arrived`);
    if (faults.length > 0) throw new Error(faults.join("; "));
  }
}

if (import.meta.main) await answerWith((config: BroadcastConfig) => new Broadcast(config).run());
