import { expect, test } from "bun:test";
import { unfitness } from "./wait-for-database.ts";

test("a database that is too old, or cannot hold every text, is refused with the reason", () => {
  expect(unfitness({ encoding: "UTF8", version: 180_000 })).toBeUndefined();
  expect(unfitness({ encoding: "UTF8", version: 190_002 })).toBeUndefined();
  expect(unfitness({ encoding: "UTF8", version: 170_009 })).toBe("is PostgreSQL 17; Hubbub needs 18 or newer");
  expect(unfitness({ encoding: "SQL_ASCII", version: 180_001 })).toBe("is in SQL_ASCII; Hubbub needs one in UTF8");
});
