const noNumbers = new Int32Array(0);
const smallestCapacity = 4;

/** A group and its members, by connection number, in no particular order. */
export class Group {
  readonly name: string;
  /** Names the group in the connections' places; given out again when the group is gone. */
  readonly number: number;
  #members = noNumbers;
  #size = 0;

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
  }

  get size(): number {
    return this.#size;
  }

  /** Connection numbers, valid until the next change. */
  get members(): Int32Array {
    return this.#members.subarray(0, this.#size);
  }

  /** @returns where the connection stands now */
  add(connection: number): number {
    if (this.#size === this.#members.length) this.#members = grown(this.#members);
    this.#members[this.#size] = connection;
    this.#size++;
    return this.#size - 1;
  }

  /** The last member takes the place of the one that leaves. @returns who has moved there, if anyone */
  remove(position: number): number | undefined {
    this.#size--;
    const last = this.#members[this.#size];
    if (position === this.#size || last === undefined) return undefined;
    this.#members[position] = last;
    return last;
  }
}

/** The groups of one connection, and where in each it stands: pairs of group number and position. */
class Places {
  #pairs = noNumbers;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  groupAt(index: number): number {
    return this.#pairs[index * 2] ?? -1;
  }

  positionAt(index: number): number {
    return this.#pairs[index * 2 + 1] ?? -1;
  }

  /** @returns -1 when the connection is not in the group */
  indexOf(group: number): number {
    for (let index = 0; index < this.#count; index++) if (this.groupAt(index) === group) return index;
    return -1;
  }

  add(group: number, position: number): void {
    if (this.#count * 2 === this.#pairs.length) this.#pairs = grown(this.#pairs);
    this.#set(this.#count, group, position);
    this.#count++;
  }

  move(group: number, position: number): void {
    const index = this.indexOf(group);
    if (index >= 0) this.#set(index, group, position);
  }

  removeAt(index: number): void {
    this.#count--;
    this.#set(index, this.groupAt(this.#count), this.positionAt(this.#count));
  }

  #set(index: number, group: number, position: number): void {
    this.#pairs[index * 2] = group;
    this.#pairs[index * 2 + 1] = position;
  }
}

/** By a half, in pairs: memberships are many, and few of them grow. */
function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(smallestCapacity, Math.ceil((numbers.length * 3) / 4) * 2));
  larger.set(numbers);
  return larger;
}

/**
 * Who is in which group, in some twelve bytes a membership, where Sets take a hundred. Connections are small numbers.
 * Adding and removing look through the groups of one connection (hundreds); nothing looks through the members of a group
 * but a send.
 */
export class Membership {
  readonly #groups = new Map<string, Group>();
  readonly #byNumber: (Group | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #places: (Places | undefined)[] = [];

  group(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  groupsOf(connection: number): string[] {
    const places = this.#places[connection];
    if (places === undefined) return [];
    return Array.from({ length: places.count }, (_, index) => this.#groupAt(places, index).name);
  }

  /** @returns false when the connection was in the group already */
  add(connection: number, name: string): boolean {
    const places = this.#placesOf(connection);
    const group = this.#groups.get(name) ?? this.#open(name);
    if (places.indexOf(group.number) >= 0) return false;
    places.add(group.number, group.add(connection));
    return true;
  }

  /** @returns false when the connection was not in the group */
  remove(connection: number, name: string): boolean {
    const group = this.#groups.get(name);
    const places = this.#places[connection];
    if (group === undefined || places === undefined) return false;
    const index = places.indexOf(group.number);
    if (index < 0) return false;
    this.#leave(places, index);
    if (places.count === 0) this.#places[connection] = undefined;
    return true;
  }

  /** Takes a connection out of all its groups. @returns their names */
  removeAll(connection: number): string[] {
    const names = this.groupsOf(connection);
    const places = this.#places[connection];
    while (places !== undefined && places.count > 0) this.#leave(places, places.count - 1);
    this.#places[connection] = undefined;
    return names;
  }

  #leave(places: Places, index: number): void {
    const group = this.#groupAt(places, index);
    const position = places.positionAt(index);
    places.removeAt(index);
    const moved = group.remove(position);
    if (moved !== undefined) this.#places[moved]?.move(group.number, position);
    if (group.size > 0) return;
    this.#groups.delete(group.name);
    this.#byNumber[group.number] = undefined;
    this.#freeNumbers.push(group.number);
  }

  #open(name: string): Group {
    const group = new Group(name, this.#freeNumbers.pop() ?? this.#byNumber.length);
    this.#byNumber[group.number] = group;
    this.#groups.set(name, group);
    return group;
  }

  #groupAt(places: Places, index: number): Group {
    const group = this.#byNumber[places.groupAt(index)];
    if (group === undefined) throw new RangeError("Unreachable: places name groups that exist.");
    return group;
  }

  #placesOf(connection: number): Places {
    const known = this.#places[connection];
    if (known !== undefined) return known;
    const places = new Places();
    this.#places[connection] = places;
    return places;
  }
}
