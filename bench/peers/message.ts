/** What every server sends: about 300 bytes in a frame. */
const text = "x".repeat(230);

export interface BenchMessage {
  readonly n: number;
  readonly text: string;
}

export function messageOf(n: number): BenchMessage {
  return { n, text };
}
