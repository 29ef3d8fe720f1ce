import type { Attack } from "./attack.ts";
import { bombs } from "./bombs.ts";
import { floods } from "./floods.ts";
import { unfinished } from "./unfinished.ts";
import { unread } from "./unread.ts";

export type { Attack } from "./attack.ts";

export const attacks: readonly Attack[] = [...bombs, ...unfinished, ...unread, ...floods];
