/** The reading of older messages, page by page. */
export interface HistoryLoad {
  readonly isLoading: boolean;
  /** Why the last try failed. */
  readonly failure: string | undefined;
  readonly load: () => void;
}
