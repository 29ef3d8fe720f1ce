import type { Script } from "../script.ts";
import { calls } from "./calls.ts";
import { closes } from "./closes.ts";
import { handshakes } from "./handshakes.ts";
import { messagePack } from "./messagepack.ts";
import { negotiate } from "./negotiate.ts";
import { official } from "./official.ts";
import { requests } from "./requests.ts";
import { stateful } from "./stateful.ts";
import { times } from "./times.ts";

/** Every script, in the order in which they are run. */
export const scripts: readonly Script[] = [
  negotiate,
  requests,
  handshakes,
  calls,
  closes,
  messagePack,
  official,
  stateful,
  times,
];
