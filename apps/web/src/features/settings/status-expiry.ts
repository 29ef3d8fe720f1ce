export const statusExpiries = ["never", "halfHour", "hour", "fourHours", "today"] as const;
export type StatusExpiry = (typeof statusExpiries)[number];

const minutes = { halfHour: 30, hour: 60, fourHours: 240 } as const;

/** When a status ends that is set now; undefined: when it is replaced. Today ends at midnight where the person is. */
export function expiryOf(expiry: StatusExpiry, now: Date): Date | undefined {
  switch (expiry) {
    case "never":
      return undefined;
    case "today":
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    default:
      return new Date(now.getTime() + minutes[expiry] * 60_000);
  }
}
