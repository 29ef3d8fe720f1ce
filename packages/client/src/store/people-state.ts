import {
  type Friend,
  type InboxEvents,
  limits,
  type OperationOutput,
  type Settings,
  type UserId,
} from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";

/** A friend, or someone of whom one asks the other; who they are tells the directory of people. */
export type KnownFriend = Omit<Friend, "user">;

/** What is between the person and others, and what they chose. */
export interface PeopleState {
  readonly friends: ReadonlyMap<UserId, KnownFriend>;
  /** Whom the person blocked. */
  readonly blocks: ReadonlySet<UserId>;
  readonly settings: Settings;
}

const knownFriend = ({ user: _, ...known }: Friend): KnownFriend => known;

export function putFriend(people: PeopleState, friend: Friend): PeopleState {
  return { ...people, friends: new Map(people.friends).set(friend.userId, knownFriend(friend)) };
}

/** An entry tells what is now, so it replaces what was known [L18]. */
export function changeFriend(
  people: PeopleState,
  { userId, friend }: InboxEvents["FriendRequestUpdated"],
): PeopleState {
  if (friend !== undefined) return putFriend(people, friend);
  const friends = new Map(people.friends);
  return friends.delete(userId) ? { ...people, friends } : people;
}

export function changeSettings(people: PeopleState, { settings, block }: InboxEvents["SettingsUpdated"]): PeopleState {
  if (block === undefined) return { ...people, settings };
  const blocks = new Set(people.blocks);
  if (block.isBlocked) blocks.add(block.userId);
  else blocks.delete(block.userId);
  return { ...people, settings, blocks };
}

/** Reads it all afresh. @throws HubbubError */
export async function readPeople(api: Pick<HubbubApi, "call">): Promise<PeopleState> {
  const { settings } = await api.call("getOwnSettings", {});
  const friends = new Map<UserId, KnownFriend>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: OperationOutput<"listFriends"> = await api.call("listFriends", pageAfter(cursor));
    for (const friend of page.items) friends.set(friend.userId, knownFriend(friend));
    cursor = page.nextCursor;
  }
  const blocks = new Set<UserId>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: OperationOutput<"listBlocks"> = await api.call("listBlocks", pageAfter(cursor));
    for (const { userId } of page.items) blocks.add(userId);
    cursor = page.nextCursor;
  }
  return { friends, blocks, settings };
}

const pageAfter = (cursor: string | undefined) => ({
  limit: limits.page.most,
  ...(cursor !== undefined && { cursor }),
});
