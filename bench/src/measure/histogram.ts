/** Buckets of each doubling: a value is kept to within 1/128, below 0.8 %. */
const SUB_BUCKETS = 128;
const SUB_BUCKET_BITS = 7;

/** Percentiles of a run, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A histogram of high dynamic range: whole microseconds up to half an hour, all with the same relative precision. */
export class Histogram {
  readonly #counts = new Uint32Array(SUB_BUCKETS * 26);
  #count = 0;
  #max = 0;

  /** @param milliseconds negative ones, of clocks that are read in another order, count as zero */
  record(milliseconds: number): void {
    const micros = Math.max(0, Math.round(milliseconds * 1000));
    const bucket = Math.min(bucketOf(micros), this.#counts.length - 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    if (micros > this.#max) this.#max = micros;
  }

  /** @param quantile 0…1 @returns milliseconds, of the upper end of the bucket where the quantile lies */
  quantile(quantile: number): number {
    const rank = Math.ceil(quantile * this.#count);
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank && seen > 0) return Math.min(upperEndOf(bucket), this.#max) / 1000;
    }
    return 0;
  }

  percentiles(): Percentiles {
    const [p50 = 0, p90 = 0, p99 = 0, p999 = 0] = [0.5, 0.9, 0.99, 0.999].map((each) => this.quantile(each));
    return { count: this.#count, p50, p90, p99, p999, max: this.#max / 1000 };
  }
}

function bucketOf(micros: number): number {
  const doublings = Math.max(0, 31 - Math.clz32(micros) - SUB_BUCKET_BITS);
  return doublings * SUB_BUCKETS + (micros >>> doublings);
}

function upperEndOf(bucket: number): number {
  const doublings = Math.max(0, Math.floor(bucket / SUB_BUCKETS) - 1);
  return (bucket - doublings * SUB_BUCKETS + 1) * 2 ** doublings - 1;
}
