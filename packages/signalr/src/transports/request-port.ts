/** What a runtime lets a hub do to a request beyond answering it. */
export interface RequestPort {
  /** The address at the other end of the request's socket; undefined where the runtime cannot tell. */
  readonly remoteAddress: string | undefined;
  /** The request may last: the runtime's own idle time-out is not for it. */
  keepOpen(): void;
  /** Undoes `keepOpen`, before an answer after which the client may use its socket again. */
  release(): void;
  /** Cuts a client off that does not read its answer. */
  cut(): void;
}
