/** Writes down one step of a script: what a client saw, free of what differs from run to run. */
export type Note = (step: string, observed: unknown) => void;

export type ProtocolName = "json" | "messagepack";
export type TransportName = "WebSockets" | "ServerSentEvents" | "LongPolling";

export interface Target {
  /** Like `http://127.0.0.1:8080`. */
  readonly address: string;
  /** The hub protocol of scripts that speak one: what they note must not depend on it. */
  readonly protocol: ProtocolName;
}

/** Where we mean to differ from the reference server. */
export interface Deviation {
  readonly why: string;
  /** What is seen of our server instead. */
  readonly ours: unknown;
}

/** What a client does to a server, and sees of it. */
export interface Script {
  readonly name: string;
  /** Whether it speaks a hub protocol, and so can be run with each. */
  readonly speaks: boolean;
  readonly deviations?: Readonly<Record<string, Deviation>>;
  run(target: Target, note: Note): Promise<void>;
}

/** Step → what was seen. */
export type Transcript = Readonly<Record<string, unknown>>;

/** @throws Error when two steps have the same name */
export async function transcribe(script: Script, target: Target): Promise<Transcript> {
  const transcript: Record<string, unknown> = {};
  await script.run(target, (step, observed) => {
    if (step in transcript) throw new Error(`Two steps of '${script.name}' are called '${step}'.`);
    // What JSON cannot say is not written down: the reference's transcripts are read back from JSON.
    transcript[step] = JSON.parse(JSON.stringify(observed ?? null));
  });
  return transcript;
}

/** Runs one task after another: what a script does must not depend on how fast a server is. */
export async function inTurn<Item>(items: readonly Item[], task: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items) await task(item);
}

/** Runs cases side by side, which mostly wait, and writes them down in their order. */
export async function atOnce(cases: Readonly<Record<string, Promise<unknown>>>, note: Note): Promise<void> {
  const seen = await Promise.all(
    Object.entries(cases).map(async ([step, observed]) => [step, await observed] as const),
  );
  for (const [step, observed] of seen) note(step, observed);
}
