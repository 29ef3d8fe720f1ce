const empty = new Uint8Array(0);
const smallestCapacity = 64;

/** Bytes waiting to be read: appended at the end, taken from the front. Its memory is let go when it runs empty. */
export class ByteBuffer {
  #bytes: Uint8Array = empty;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#grow(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** @returns the waiting bytes, not copied: valid until the next append or skip. */
  peek(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  skip(count: number): void {
    this.#start += count;
    if (this.#start < this.#end) return;
    this.#bytes = empty;
    this.#start = 0;
    this.#end = 0;
  }

  /** Doubles, so that bytes arriving one by one are copied a constant number of times each. */
  #grow(extra: number): void {
    const needed = this.length + extra;
    const grown = new Uint8Array(
      Math.max(smallestCapacity, needed, needed > this.#bytes.length ? this.#bytes.length * 2 : 0),
    );
    grown.set(this.peek());
    this.#end = this.length;
    this.#start = 0;
    this.#bytes = grown;
  }
}
