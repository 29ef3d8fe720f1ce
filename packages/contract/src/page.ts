import { z } from "zod";
import { limits } from "./limits.ts";
import { integerFromQuery, opaqueText } from "./text.ts";

export const pageLimit = integerFromQuery(1, limits.page.most).default(limits.page.default);

/** The query of every list. `cursor` is a `nextCursor` of the same list, and opaque. */
export const page = { cursor: opaqueText(200).optional(), limit: pageLimit };

/** `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
