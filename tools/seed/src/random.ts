/** Mulberry32: 0 ≤ x < 1, the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns the lengths of pieces of 1: the n-th is as long as 1/(n + offset) (Zipf, Mandelbrot) */
export function zipfShares(count: number, offset = 0): number[] {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1 + offset));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Chooses from a list, earlier entries more often: the n-th with a weight of 1/n. */
export class ZipfChoice<T> {
  readonly #entries: readonly T[];
  readonly #ends: Float64Array;

  constructor(entries: readonly T[]) {
    this.#entries = entries;
    this.#ends = new Float64Array(entries.length);
    let end = 0;
    for (const [rank, share] of zipfShares(entries.length).entries()) this.#ends[rank] = end += share;
  }

  /** @param at 0 ≤ at < 1 */
  pick(at: number): T {
    let low = 0;
    for (let high = this.#ends.length - 1; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 1) > at) high = middle;
      else low = middle + 1;
    }
    const entry = this.#entries[low];
    if (entry === undefined) throw new RangeError("There is nothing to choose from.");
    return entry;
  }
}

/** In place, every order as likely as another. */
export function shuffle(list: Int32Array, random: () => number): Int32Array {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = list[last] ?? 0;
    list[last] = list[other] ?? 0;
    list[other] = kept;
  }
  return list;
}
