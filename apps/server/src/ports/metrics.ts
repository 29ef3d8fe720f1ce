/** Counts what happens, for whoever watches the server. Every label has few values, however hostile the clients. */
export interface Metrics {
  /** @param route its pattern, never the address that was asked for */
  requestAnswered(method: string, route: string, status: number, seconds: number): void;
  /** @param outcome `OK` or an error's code */
  operationEnded(operation: string, outcome: string, seconds: number): void;
  /** A write is durable. @param changes how many callers it answers */
  committed(kind: "batch" | "transaction", changes: number, seconds: number): void;
  consumerFailed(event: string): void;
  deadLetter(): void;
}
