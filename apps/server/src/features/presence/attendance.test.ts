import { expect, test } from "bun:test";
import { newUserId, type UserId } from "@hubbub/contract";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { Attendance, GRACE_MS } from "./attendance.ts";

const people = Array.from({ length: 5 }, () => newUserId());

/** Who is there by definition: anyone with a connection, or without one for less than the grace. */
class Model {
  readonly connections = new Map<string, UserId>();
  readonly leftAt = new Map<UserId, number>();

  isHere(userId: UserId, now: number): boolean {
    const leftAt = this.leftAt.get(userId);
    return [...this.connections.values()].includes(userId) || (leftAt !== undefined && now - leftAt < GRACE_MS);
  }
}

test("whatever comes, goes, fails to be written or is forgotten: what is written ends as who is here, over all devices", () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  for (let run = 0; run < 200; run++) {
    const attendance = new Attendance();
    const model = new Model();
    const written = new Set<UserId>();
    let now = 1_000_000;
    const write = (fails: boolean) => {
      const change = attendance.take(now);
      for (const userId of change.arrived) expect(written.has(userId) && change.gone.includes(userId)).toBe(false);
      if (fails) return attendance.giveBack(change);
      for (const userId of change.arrived) written.add(userId);
      for (const userId of change.gone) written.delete(userId);
    };
    for (let step = 0; step < 60; step++) {
      const chance = random();
      const userId = pick(people) ?? newUserId();
      if (chance < 0.35) {
        const id = `${run} ${step}`;
        model.connections.set(id, userId);
        model.leftAt.delete(userId);
        attendance.connected({ id, userId });
      } else if (chance < 0.65) {
        const [id, owner] = pick([...model.connections]) ?? [];
        if (id === undefined || owner === undefined) continue;
        model.connections.delete(id);
        if (!model.isHere(owner, now)) model.leftAt.set(owner, now);
        attendance.disconnected({ id, userId: owner }, now);
        attendance.disconnected({ id, userId: owner }, now); // told twice
      } else if (chance < 0.75) now += Math.floor(random() * 2 * GRACE_MS);
      else if (chance < 0.78) {
        attendance.forgotten();
        written.clear();
      } else write(random() < 0.3);
    }
    write(false);
    const expected = people.filter((userId) => model.isHere(userId, now));
    expect([...written].toSorted()).toEqual(expected.toSorted());
  }
});
