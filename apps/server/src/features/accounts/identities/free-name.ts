import { randomInt } from "node:crypto";
import { displayName, username } from "@hubbub/contract";
import type { Profile } from "./profile.ts";

/** Room for digits after it, within the 32 that a username may have. */
const MOST_BASE = 24;

/** Usernames to try in turn: the one they have with the provider, or of their address, then with digits. */
export function* usernamesFor(profile: Pick<Profile, "username" | "email" | "name">): Generator<string> {
  const wishes = [profile.username, profile.email?.split("@")[0], profile.name].map((wish) => plain(wish ?? ""));
  const base = wishes.find((wish) => username.safeParse(wish).success) ?? "person";
  yield base;
  for (let number = 2; number <= 5; number++) yield `${base}${number}`;
  for (let tries = 0; tries < 20; tries++) yield `${base}${randomInt(10_000, 100_000_000)}`;
}

/** Of a name what a username may have. */
function plain(name: string): string {
  return name
    .slice(0, 200)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\s+/g, ".")
    .replace(/[^a-z0-9._-]/g, "")
    .slice(0, MOST_BASE);
}

export function displayNameFor({ name }: Pick<Profile, "name">, username: string): string {
  const parsed = displayName.safeParse([...(name ?? "")].slice(0, 64).join(""));
  return parsed.success ? parsed.data : username;
}
