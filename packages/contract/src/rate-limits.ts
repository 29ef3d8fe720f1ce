/** So many calls in so many seconds. */
export interface RateLimit {
  readonly calls: number;
  readonly seconds: number;
  /** So many at once, once a minute, before the steady number counts. */
  readonly burst?: number | undefined;
}

/** Who is counted: the caller, who is the address while nobody is signed in; the account that a log-in names; the address. */
export type RateLimitKey = "address" | "account" | "user";

/** How often something may be done, each cell for itself. `HUBBUB_LIMITS` replaces cells. */
export const rateLimits = {
  send: { user: { calls: 20, seconds: 1, burst: 100 } },
  /** edits and reactions */
  messageChange: { user: { calls: 10, seconds: 1 } },
  login: { address: { calls: 100, seconds: 900 }, account: { calls: 10, seconds: 900 } },
  registration: { address: { calls: 10, seconds: 3_600 } },
  /** what asks for the caller's password: it must not be a way to try passwords */
  passwordCheck: { user: { calls: 10, seconds: 900 } },
  /** mails with a link that somebody asks for */
  mail: { account: { calls: 5, seconds: 3_600 }, user: { calls: 20, seconds: 3_600 } },
  friendRequest: { user: { calls: 50, seconds: 86_400 } },
  /** people invited */
  invitation: { user: { calls: 200, seconds: 86_400 } },
  /** all of a person's data at once */
  export: { user: { calls: 5, seconds: 3_600 } },
  search: { user: { calls: 5, seconds: 1 } },
  /** everything else */
  other: { user: { calls: 50, seconds: 1 } },
} as const satisfies Record<string, Partial<Record<RateLimitKey, RateLimit>>>;

export type RateLimitName = keyof typeof rateLimits;
export type RateLimits = Readonly<Record<RateLimitName, Partial<Record<RateLimitKey, RateLimit>>>>;

/** Open connections to all hubs together. */
export const connectionLimits = {
  /** of one person on one device */
  device: 10,
  /** of one person */
  user: 20,
} as const;

export type ConnectionLimits = Readonly<Record<keyof typeof connectionLimits, number>>;

/** How often an operation may be called. */
export interface OperationLimit {
  readonly name: RateLimitName;
  /** The field of the input that names the account. */
  readonly account?: string;
  /** The field of the input whose items count one each. */
  readonly each?: string;
}
