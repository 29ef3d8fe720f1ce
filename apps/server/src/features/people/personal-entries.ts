import type { ConversationId, ConversationSettings, InboxEventName, InboxEvents, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import { readConversationSettings } from "./conversation-settings.ts";
import { viewFriends } from "./friend-view.ts";
import { enterInbox } from "./inbox.ts";
import { readSettings } from "./own-settings.ts";

export type PersonalEventName = "FriendRequestReceived" | "FriendRequestUpdated" | "SettingsUpdated";

/** An entry about friends, blocks and settings, as it is pushed and read. */
export type PersonalEntry = {
  [Name in PersonalEventName]: { readonly event: Name; readonly payload: InboxEvents[Name] };
}[PersonalEventName];

export interface PersonalRow {
  readonly userPts: number;
  readonly event: PersonalEventName;
  readonly subjectId: UserId | null;
  readonly conversationId: ConversationId | null;
}

const personalEvents: ReadonlySet<string> = new Set<PersonalEventName>([
  "FriendRequestReceived",
  "FriendRequestUpdated",
  "SettingsUpdated",
]);

export const isPersonal = (event: InboxEventName): event is PersonalEventName => personalEvents.has(event);

/**
 * What entries of a person's inbox tell: what is now of what they are about, so an older one tells nothing that a later
 * one takes back [L18].
 * @returns by userPts; none for a request that was answered since, of which a later entry tells
 */
export async function viewPersonalEntries(
  db: Database,
  userId: UserId,
  rows: readonly PersonalRow[],
): Promise<Map<number, PersonalEntry>> {
  if (rows.length === 0) return new Map();
  const ofFriends = rows.filter(({ event }) => event !== "SettingsUpdated");
  const ofSettings = rows.filter(({ event }) => event === "SettingsUpdated");
  const friends = await viewFriends(db, userId, subjectsOf(ofFriends));
  const declined = ofFriends.length === 0 ? new Set<UserId>() : await declinedBy(db, userId, subjectsOf(ofFriends));
  const settings = ofSettings.length === 0 ? undefined : await readSettings(db, userId);
  const blocked = await blockedAmong(db, userId, subjectsOf(ofSettings));
  const ofConversations = await readConversationSettings(
    db,
    userId,
    ofSettings.flatMap(({ conversationId }) => conversationId ?? []),
  );
  const view = ({ userPts, event, subjectId, conversationId }: PersonalRow): PersonalEntry | undefined => {
    if (event === "SettingsUpdated") {
      if (settings === undefined) return undefined;
      const block = subjectId === null ? {} : { block: { userId: subjectId, isBlocked: blocked.has(subjectId) } };
      const conversation = conversationPart(conversationId, ofConversations);
      return { event, payload: { settings, ...conversation, ...block, userPts } };
    }
    if (subjectId === null) return undefined;
    const friend = friends.get(subjectId);
    if (event === "FriendRequestReceived")
      return friend?.status === "incoming" ? { event, payload: { friend, userPts } } : undefined;
    const ended = declined.has(subjectId) ? ("declined" as const) : ("removed" as const);
    const status = friend?.status ?? ended;
    return { event, payload: { userId: subjectId, status, ...(friend !== undefined && { friend }), userPts } };
  };
  return new Map(
    rows.flatMap((row) => {
      const entry = view(row);
      return entry === undefined ? [] : [[row.userPts, entry] as const];
    }),
  );
}

/** Nothing where they left since, and came back or not: then there is nothing chosen. */
function conversationPart(id: ConversationId | null, known: ReadonlyMap<ConversationId, ConversationSettings>) {
  const settings = id === null ? undefined : known.get(id);
  return id === null || settings === undefined ? {} : { conversation: { id, settings } };
}

const subjectsOf = (rows: readonly PersonalRow[]): UserId[] => rows.flatMap(({ subjectId }) => subjectId ?? []);

/** Those of them who declined what this person asked. */
async function declinedBy(db: Database, userId: UserId, peers: readonly UserId[]): Promise<Set<UserId>> {
  const { rows } = await sql<{ peer_id: UserId }>`
    select peer.id as peer_id from unnest(${peers}::uuid[]) as peer(id)
    join friendships f on f.low_user_id = least(peer.id, ${userId}::uuid)
      and f.high_user_id = greatest(peer.id, ${userId}::uuid)
    where f.status = 'declined' and f.requested_by = ${userId}::uuid and f.hidden_from is null`.execute(db);
  return new Set(rows.map(({ peer_id }) => peer_id));
}

async function blockedAmong(db: Database, userId: UserId, peers: readonly UserId[]): Promise<Set<UserId>> {
  if (peers.length === 0) return new Set();
  const { rows } = await sql<{ blocked_id: UserId }>`
    select blocked_id from blocks where user_id = ${userId}::uuid and blocked_id = any(${peers}::uuid[])`.execute(db);
  return new Set(rows.map(({ blocked_id }) => blocked_id));
}

export interface Telling {
  readonly userId: UserId;
  readonly event: PersonalEventName;
  readonly subjectId?: UserId;
  readonly conversationId?: ConversationId;
}

/** What has been written for one person, to be pushed after the commit. */
export interface Told {
  readonly userId: UserId;
  readonly entry: PersonalEntry;
}

/** Writes what people are told into their inboxes; the last thing in a transaction [L7] [L16]. */
export async function tellPeople(tx: Transactor, actorId: UserId, tellings: readonly Telling[]): Promise<Told[]> {
  const numbers = await enterInbox(
    tx,
    tellings.map((telling) => ({ ...telling, actorId })),
  );
  const told: Told[] = [];
  for (const [index, { userId, event, subjectId = null, conversationId = null }] of tellings.entries()) {
    const userPts = numbers[index];
    if (userPts === undefined) throw new Error("an entry of the inbox was not numbered");
    const entry = (await viewPersonalEntries(tx, userId, [{ userPts, event, subjectId, conversationId }])).get(userPts);
    if (entry !== undefined) told.push({ userId, entry });
  }
  return told;
}

export type PersonalBroadcaster = Pick<Broadcaster, "toUser" | "alertUser">;

/** To all devices of each. */
export function pushPersonal(broadcaster: PersonalBroadcaster, told: readonly Told[]): void {
  for (const { userId, entry } of told) {
    switch (entry.event) {
      case "FriendRequestReceived":
        broadcaster.toUser(userId, entry.event, entry.payload);
        broadcaster.alertUser(userId, entry.event, entry.payload);
        break;
      case "FriendRequestUpdated":
        broadcaster.toUser(userId, entry.event, entry.payload);
        break;
      case "SettingsUpdated":
        broadcaster.toUser(userId, entry.event, entry.payload);
        break;
      default:
        entry satisfies never;
    }
  }
}
