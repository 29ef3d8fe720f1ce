import { type ConnectionLimits, connectionLimits, type RateLimits, rateLimits } from "@hubbub/contract";
import { z } from "zod";

/** What bounds everyone's calls and connections. */
export interface CallLimits {
  readonly rates: RateLimits;
  readonly connections: ConnectionLimits;
}

export const defaultCallLimits: CallLimits = { rates: rateLimits, connections: connectionLimits };

const EXPECTED =
  'expected off, or cells of the table of limits as JSON, such as {"send":{"user":{"calls":50,"seconds":1}}}';

const count = (most: number) => z.int().min(1).max(most);
const cells = z
  .partialRecord(
    z.enum(["address", "account", "user"]),
    z.strictObject({ calls: count(1_000_000), seconds: count(86_400), burst: count(1_000_000).optional() }),
  )
  .default({});

const overrides = z.strictObject({
  send: cells,
  messageChange: cells,
  login: cells,
  registration: cells,
  passwordCheck: cells,
  mail: cells,
  friendRequest: cells,
  invitation: cells,
  export: cells,
  search: cells,
  other: cells,
  connections: z
    .strictObject({
      device: count(10_000).default(connectionLimits.device),
      user: count(10_000).default(connectionLimits.user),
    })
    .default(connectionLimits),
});

/** `HUBBUB_LIMITS`: the table, with the cells that are given in place of its own. */
export const callLimits = z.string().transform((value, context): CallLimits | "off" => {
  if (value === "off") return "off";
  const given = overrides.safeParse(parseJson(value));
  if (given.success) return withDefaults(given.data);
  context.addIssue(EXPECTED);
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withDefaults({ connections, ...given }: z.output<typeof overrides>): CallLimits {
  return {
    rates: {
      send: { ...rateLimits.send, ...given.send },
      messageChange: { ...rateLimits.messageChange, ...given.messageChange },
      login: { ...rateLimits.login, ...given.login },
      registration: { ...rateLimits.registration, ...given.registration },
      passwordCheck: { ...rateLimits.passwordCheck, ...given.passwordCheck },
      mail: { ...rateLimits.mail, ...given.mail },
      friendRequest: { ...rateLimits.friendRequest, ...given.friendRequest },
      invitation: { ...rateLimits.invitation, ...given.invitation },
      export: { ...rateLimits.export, ...given.export },
      search: { ...rateLimits.search, ...given.search },
      other: { ...rateLimits.other, ...given.other },
    },
    connections,
  };
}
