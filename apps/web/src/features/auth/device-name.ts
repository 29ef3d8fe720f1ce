/** Later ones claim to be earlier ones too. */
const browsers = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;

const systems = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS X", "Mac"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** What a person calls the browser that they look at, for the list of their devices: "Firefox on Windows". */
export function deviceNameOf(userAgent: string): string {
  const nameIn = (names: readonly (readonly [string, string])[]): string | undefined =>
    names.find(([mark]) => userAgent.includes(mark))?.[1];
  const browser = nameIn(browsers) ?? "Browser";
  const system = nameIn(systems);
  return system === undefined ? browser : `${browser} on ${system}`;
}
