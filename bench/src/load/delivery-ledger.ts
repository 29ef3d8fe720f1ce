/** Counts what clients hear, each on its own: everything once, and in order. */
export class DeliveryLedger {
  readonly #next: Float64Array;
  deliveries = 0;
  /** What went wrong, the first few. */
  readonly faults: string[] = [];

  constructor(clients: number) {
    this.#next = new Float64Array(clients);
  }

  /** @param n number of the message, counted from 0 */
  heard(client: number, n: number): void {
    const expected = this.#next[client] ?? 0;
    if (n !== expected && this.faults.length < 5)
      this.faults.push(`client ${client} heard ${n} where ${expected} was due`);
    this.#next[client] = n + 1;
    this.deliveries++;
  }
}
