const barWidth = 30;
/** Without a terminal, a line whenever another tenth is done. */
const stepPercent = 10;

/** Tells how far a phase is: a bar on a terminal, else lines. */
export class Progress {
  readonly #output: { readonly isTTY?: boolean; write(text: string): unknown };
  #phase = "";
  #total = 0;
  #done = 0;
  #shown = -1;

  constructor(output: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr) {
    this.#output = output;
  }

  begin(phase: string, total: number): void {
    this.#phase = phase;
    this.#total = total;
    this.#done = 0;
    this.#shown = -1;
    this.#show();
  }

  advance(count = 1): void {
    this.#done += count;
    this.#show();
  }

  #show(): void {
    const percent = this.#total === 0 ? 100 : Math.floor((100 * this.#done) / this.#total);
    const bar = this.#output.isTTY === true;
    const reached = bar ? percent : percent - (percent % stepPercent);
    if (reached === this.#shown) return;
    this.#shown = reached;
    const text = `${this.#phase.padEnd(14)} ${`${percent}`.padStart(3)} %  ${this.#done}/${this.#total}`;
    if (!bar) {
      this.#output.write(`${text}\n`);
      return;
    }
    const filled = Math.round((barWidth * percent) / 100);
    const drawn = "█".repeat(filled) + "░".repeat(barWidth - filled);
    this.#output.write(`\r${drawn} ${text}${percent === 100 ? "\n" : ""}`);
  }
}
