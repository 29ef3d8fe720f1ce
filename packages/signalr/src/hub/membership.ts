/** A group and its members, by connection number, in no particular order. */
export interface Group {
  readonly name: string;
  /** Connection numbers. Compact on purpose: a group of a thousand costs 8 KB, a Set of objects ten times that. */
  readonly members: number[];
}

/** One connection's place in a group: where in the group's members its number stands. */
interface Places {
  readonly groups: Group[];
  readonly positions: number[];
}

/**
 * Who is in which group. Connections are small numbers. Adding looks through the groups of one connection (hundreds),
 * removing too; nothing looks through the members of a group but a send.
 */
export class Membership {
  readonly #groups = new Map<string, Group>();
  readonly #places: (Places | undefined)[] = [];

  group(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  groupsOf(connection: number): string[] {
    return this.#places[connection]?.groups.map((group) => group.name) ?? [];
  }

  /** @returns false when the connection was in the group already */
  add(connection: number, name: string): boolean {
    const known = this.#groups.get(name);
    const places = this.#placesOf(connection);
    if (known !== undefined && places.groups.includes(known)) return false;
    const group = known ?? { name, members: [] };
    if (known === undefined) this.#groups.set(name, group);
    places.groups.push(group);
    places.positions.push(group.members.length);
    group.members.push(connection);
    return true;
  }

  /** @returns false when the connection was not in the group */
  remove(connection: number, name: string): boolean {
    const group = this.#groups.get(name);
    const places = this.#places[connection];
    if (group === undefined || places === undefined) return false;
    const index = places.groups.indexOf(group);
    if (index < 0) return false;
    this.#removeMember(group, places.positions[index] ?? 0);
    swapRemove(places.groups, index);
    swapRemove(places.positions, index);
    if (places.groups.length === 0) this.#places[connection] = undefined;
    return true;
  }

  /** Takes a connection out of all its groups. @returns their names */
  removeAll(connection: number): string[] {
    const places = this.#places[connection];
    if (places === undefined) return [];
    this.#places[connection] = undefined;
    places.groups.forEach((group, index) => {
      this.#removeMember(group, places.positions[index] ?? 0);
    });
    return places.groups.map((group) => group.name);
  }

  /** The last member takes the place of the one that leaves, and is told so. */
  #removeMember(group: Group, position: number): void {
    const moved = group.members.at(-1);
    swapRemove(group.members, position);
    if (group.members.length === 0) this.#groups.delete(group.name);
    if (moved === undefined || position === group.members.length) return;
    const places = this.#places[moved];
    if (places !== undefined) places.positions[places.groups.indexOf(group)] = position;
  }

  #placesOf(connection: number): Places {
    const known = this.#places[connection];
    if (known !== undefined) return known;
    const places: Places = { groups: [], positions: [] };
    this.#places[connection] = places;
    return places;
  }
}

function swapRemove<T>(items: T[], index: number): void {
  const last = items.pop();
  if (last !== undefined && index < items.length) items[index] = last;
}
