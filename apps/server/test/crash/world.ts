import type { ConversationId } from "@hubbub/contract";
import { compare, readLog } from "./database-state.ts";
import { Device } from "./device.ts";
import { Guest } from "./guest.ts";
import { Ledger } from "./ledger.ts";
import { LogReader } from "./log-reader.ts";
import { newPerson, type Person } from "./person.ts";
import { insist } from "./senders.ts";
import { SlowLink } from "./slow-link.ts";

/**
 * The people and conversations of one run, so that a run costs the same however many there were before: three who
 * write, on two devices each, one who reads slowly, and a guest who is taken in and out.
 */
export interface World {
  readonly ledger: Ledger;
  readonly owner: Person;
  readonly conversations: readonly ConversationId[];
  /** The one that the guest is taken into and out of. */
  readonly visited: ConversationId;
  /** Of those who write. */
  readonly readers: readonly LogReader[];
  readonly devices: readonly Device[];
  readonly slow: { readonly link: SlowLink; readonly reader: LogReader };
  readonly guest: Guest;
}

export async function openWorld(url: string, number: number): Promise<World> {
  const link = await SlowLink.open(url);
  const names = ["owner", "second", "third", "visitor"];
  const [owner, second, third, visitor, slow] = await Promise.all([
    ...names.map((name) => enter(url, `${name}${number}`)),
    enter(link.url, `slow${number}`),
  ]);
  if (owner === undefined || second === undefined || third === undefined || visitor === undefined || slow === undefined)
    throw new Error("Five people are needed");
  const memberIds = [second, third, slow].map(({ user }) => user.id);
  const made = await Promise.all(
    ["A", "B", "C", "D"].map((title) =>
      insist(() => owner.api.call("createConversation", { type: "group", title, memberIds })),
    ),
  );
  const conversations = made.map(({ conversation }) => conversation.id);
  const [visited] = conversations;
  if (visited === undefined) throw new Error("There are no conversations");
  const writers = [owner, second, third];
  return {
    ...{ ledger: new Ledger(), owner, conversations, visited },
    readers: await Promise.all(writers.map((person) => LogReader.open(person, conversations))),
    devices: await Promise.all(writers.map((person) => Device.open(person, conversations))),
    slow: { link, reader: await LogReader.open(slow, conversations) },
    guest: await Guest.open(visitor, visited),
  };
}

/** What was tried without an answer may have happened: the next try has another name. */
function enter(url: string, name: string): Promise<Person> {
  let tries = 0;
  return insist(() => newPerson(url, `${name}_${++tries}`));
}

export async function closeWorld({ readers, devices, slow, guest }: World): Promise<void> {
  await Promise.all([...readers, slow.reader, ...devices, guest].map((each) => each.close()));
  slow.link.close();
}

/** What is not as it must be, when all is quiet. */
export async function disagreements(world: World): Promise<string[]> {
  const { ledger, owner, conversations, visited, readers, devices, slow, guest } = world;
  const logs = new Map(await Promise.all(conversations.map(async (id) => [id, await readLog(owner.api, id)] as const)));
  const visits = logs.get(visited) ?? [];
  const faults = [...compare(ledger, logs), ...guest.overheard(visits)];
  for (const reader of [...readers, slow.reader]) {
    faults.push(...reader.faults);
    for (const [id, log] of logs) {
      const expected = log.map(({ pts, event, ...rest }) => ({
        pts,
        event,
        payload: "payload" in rest && rest.payload,
      }));
      if (!Bun.deepEquals(reader.log(id), expected))
        faults.push(`${reader.person.user.username} knows another log of ${id}`);
    }
  }
  const onDevices = await Promise.all(devices.map((device) => device.disagreements(logs)));
  return [...faults, ...onDevices.flat(), ...(await guest.disagreements(visits))];
}
