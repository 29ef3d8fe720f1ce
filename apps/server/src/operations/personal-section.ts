import type { UserId } from "@hubbub/contract";

/** A part of what the server keeps of a person, for the export of their data; the slice that keeps it tells it. */
export interface PersonalSection {
  readonly name: string;
  /** JSON, read as it is asked for. */
  readonly json: (user: UserId) => AsyncIterable<string>;
}

/** What there is one of; `null` where there is none. */
export function onePersonal(name: string, read: (user: UserId) => Promise<object | undefined>): PersonalSection {
  return {
    name,
    async *json(user) {
      yield JSON.stringify((await read(user)) ?? null);
    },
  };
}

/** A list of what there may be any number of. */
export function manyPersonal(name: string, items: (user: UserId) => AsyncIterable<object>): PersonalSection {
  return {
    name,
    async *json(user) {
      let before = "[";
      for await (const item of items(user)) {
        yield before + JSON.stringify(item);
        before = ",";
      }
      yield before === "[" ? "[]" : "]";
    },
  };
}

/** Rows that one statement reads. */
const PAGE = 500;

/** All rows, a page at a time. @param read at most so many rows after the last one that was read */
export async function* pageByPage<Row>(
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  for (let after: Row | undefined; ; ) {
    const rows = await read(after, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1);
  }
}
