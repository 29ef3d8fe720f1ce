/** What the last run of a job has come to, on whichever node. */
export interface JobRun {
  readonly name: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Of a run that failed. */
  readonly failure: string | null;
}

export interface Jobs {
  list(): Promise<readonly JobRun[]>;
  /** Begins a job at once, unless it runs somewhere. @returns undefined for one that does not exist */
  runNow(name: string): Promise<"started" | "running" | undefined>;
}
