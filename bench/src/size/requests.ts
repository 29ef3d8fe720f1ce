import { newClientMessageId } from "@hubbub/contract";
import type { Community } from "./community.ts";

/** Something that a client asks, and how soon it is to be answered. */
export interface MeasuredRequest {
  readonly name: string;
  /** Milliseconds within which 99 of 100 are answered (P7); absent where there is no target. */
  readonly targetP99?: number;
  /** Of one round. */
  readonly times: number;
  /** @param n counts up, so that not always the same is asked */
  readonly make: (community: Community, n: number) => Request;
  /** What an answer tells of itself, to be compared: how many items. */
  readonly count: (answer: Answer) => number;
}

export interface Answer {
  readonly items?: readonly unknown[];
  readonly conversations?: readonly { readonly changes?: readonly unknown[] }[];
}

const items = ({ items: list = [] }: Answer): number => list.length;

function get(
  { api, tokens }: Community,
  path: string,
  query: Record<string, string | number> = {},
  who: "everywhere" | "few" = "everywhere",
): Request {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return new Request(`${api}${path}?${search}`, { headers: { authorization: `Bearer ${tokens[who]}` } });
}

function post({ api, tokens }: Community, path: string, body: object): Request {
  const headers = { authorization: `Bearer ${tokens.everywhere}`, "content-type": "application/json" };
  return new Request(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const HISTORY = { targetP99: 10, times: 100, count: items } as const;
const SEARCH = { targetP99: 100, times: 25, count: items } as const;
const OTHER = { times: 50, count: items } as const;

const history = (community: Community, query: Record<string, number>) =>
  get(community, `/conversations/${community.longest.id}/messages`, { limit: 50, ...query });
/** A place in the longest conversation that is another one each time. */
const place = ({ longest }: Community, n: number) => 1 + ((n * 7919) % longest.seq);

function sync(community: Community, behind: number): Request {
  const { epoch, userPts, heads } = community;
  const conversations = Object.fromEntries(Object.entries(heads).map(([id, pts]) => [id, Math.max(0, pts - behind)]));
  return post(community, "/sync", { epoch, userPts, conversations });
}

const search = (q: string) => (community: Community) => get(community, "/search", { q, limit: 50 });

export const requests: readonly MeasuredRequest[] = [
  { name: "history: newest 50", ...HISTORY, make: (community) => history(community, {}) },
  {
    name: "history: 50 before",
    ...HISTORY,
    make: (community, n) => history(community, { beforeSeq: place(community, n) }),
  },
  {
    name: "history: 50 around",
    ...HISTORY,
    make: (community, n) => history(community, { aroundSeq: place(community, n) }),
  },
  {
    ...{ name: "sync of 500, nothing new", targetP99: 20, times: 50 },
    make: (community) => sync(community, 0),
    count: ({ conversations = [] }) => conversations.length,
  },
  {
    ...{ name: "sync of 500, 2 changes in each", times: 25 },
    make: (community) => sync(community, 2),
    count: ({ conversations = [] }) => conversations.reduce((sum, { changes = [] }) => sum + changes.length, 0),
  },
  { name: "search: a word in a quarter of all", ...SEARCH, make: search("the") },
  { name: "search: a usual word", ...SEARCH, make: search("coffee") },
  { name: "search: a seldom word", ...SEARCH, make: search("junkerlan") },
  { name: "search: Chinese", ...SEARCH, make: search("服务") },
  { name: "search: two words", ...SEARCH, make: search("budget office") },
  { name: "search: of nobody", ...SEARCH, make: search("qzqzqz") },
  {
    ...{ name: "search: in the longest conversation", ...SEARCH },
    make: (community) => get(community, "/search", { q: "die der", conversationId: community.longest.id }),
  },
  {
    name: "search: by someone in a few",
    ...SEARCH,
    make: (community) => get(community, "/search", { q: "coffee" }, "few"),
  },
  {
    ...{ name: "search: a usual word, from one who said little", ...SEARCH },
    make: (community) => get(community, "/search", { q: "the", from: community.quiet, limit: 50 }),
  },
  {
    ...{ name: "search: a usual word, with a link", ...SEARCH },
    make: (community) => get(community, "/search", { q: "the", has: "link", limit: 50 }),
  },
  {
    name: "members: first 50",
    ...OTHER,
    make: (community) => get(community, `/conversations/${community.channel.id}/members`),
  },
  {
    ...{ name: "members: 50 in the middle", ...OTHER },
    make: (community) =>
      get(community, `/conversations/${community.channel.id}/members`, { cursor: community.channel.middle }),
  },
  { name: "conversations: first 50", ...OTHER, make: (community) => get(community, "/conversations", { limit: 50 }) },
  {
    name: "public channels by title",
    ...OTHER,
    make: (community, n) => get(community, "/conversations/public", { query: `Design ${n}` }),
  },
  {
    ...{ name: "send to the longest conversation", times: 50, count: () => 1 },
    make: (community, n) => say(community, community.longest.id, n),
  },
  {
    ...{ name: "send to the largest channel", times: 50, count: () => 1 },
    make: (community, n) => say(community, community.channel.id, n),
  },
];

function say(community: Community, id: string, n: number): Request {
  return post(community, `/conversations/${id}/messages`, {
    clientMessageId: newClientMessageId(),
    text: `Measured ${n}`,
  });
}
