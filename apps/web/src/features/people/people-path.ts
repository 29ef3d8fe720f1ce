export const peopleSections = ["friends", "requests", "blocked", "add"] as const;
export type PeopleSection = (typeof peopleSections)[number];

export const peoplePath = (section: PeopleSection): string =>
  section === "friends" ? "/people" : `/people/${section}`;

/** Which part of the people's place a path leads to, if any. */
export function parsePeoplePath(path: string): PeopleSection | undefined {
  return peopleSections.find((section) => peoplePath(section) === path);
}
