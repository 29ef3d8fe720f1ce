/** Who wants to hear of something. */
export class Listeners<Value> {
  readonly #all = new Set<(value: Value) => void>();

  /** @returns the way to stop hearing */
  add(listener: (value: Value) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  emit(value: Value): void {
    for (const listener of [...this.#all]) listener(value);
  }
}
