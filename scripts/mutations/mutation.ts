export const features = "apps/server/src/features";
export const migrations = "apps/server/src/infrastructure/postgres/migrations";

/** Tests that a mistake is to be caught by: the file that is run, the one that holds the test, and its name's beginning. */
export const catchers = {
  messages: model(`${features}/messages/message-model.pg.test.ts`, "whatever people do to messages"),
  membership: model(`${features}/conversations/membership-model.pg.test.ts`, "whoever comes, goes and rules"),
  people: model(`${features}/people/people-model.pg.test.ts`, "people who ask, answer, part, block and write"),
  search: model(`${features}/search/find-messages.pg.test.ts`, "a search tells what looking at every message would"),
  store: model("packages/client/src/store/chat-store.test.ts", "over any losses and reloads both windows end"),
} as const satisfies Record<string, Catcher>;

export interface Catcher {
  readonly run: string;
  readonly file: string;
  readonly test: string;
}

/** A random run against a simple model, which a seed repeats. */
function model(file: string, test: string): Catcher {
  return { run: file, file, test };
}

/** One mistake in the code, and what caught it. */
export interface Mutation {
  /** What goes wrong. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: keyof typeof catchers;
  readonly seed: number;
}
