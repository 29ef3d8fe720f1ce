import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A payload that a node of the reference server published. */
export interface RedisVector {
  readonly title: string;
  readonly channel: string;
  readonly payload: Buffer;
  /** The payload as text, for people and for JSON. */
  readonly decoded: string;
}

/** One recording: two nodes, a1 and a2 connected to the one, b1 to the other. */
export interface RedisRecording {
  /** Tells which protocols servers and clients spoke. */
  readonly title: string;
  /** Name → connection id. */
  readonly connections: ReadonlyMap<string, string>;
  /** In the order in which they were published. */
  readonly vectors: readonly RedisVector[];
}

/** @returns the recorded exchanges between two nodes of ASP.NET Core */
export function readRedisRecordings(): RedisRecording[] {
  const text = readFileSync(join(import.meta.dirname, "../../test/data/redis-vectors.txt"), "utf8");
  return text
    .split(/^#{10,}\n# (?=\w)/m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf("\n")),
      connections: new Map([...section.matchAll(/\b([ab]\d)=(\S+)/g)].map(([, name = "", id = ""]) => [name, id])),
      vectors: readVectors(section),
    }));
}

function readVectors(section: string): RedisVector[] {
  const vectors: RedisVector[] = [];
  let [title, channel, payload] = ["", "", ""];
  for (const line of section.split("\n")) {
    if (line.startsWith("## ")) title = line.slice(3);
    else if (line.startsWith("  channel  ")) channel = line.slice(11);
    else if (line.startsWith("  payload  ")) payload = line.slice(11);
    else if (line.startsWith("  decoded  ")) {
      vectors.push({ title, channel, payload: Buffer.from(payload, "hex"), decoded: line.slice(11) });
    }
  }
  return vectors;
}
