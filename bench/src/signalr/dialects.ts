/** How a group's messages travel with one kind of server. */
export interface Dialect {
  readonly path: string;
  /** What a client says once the socket is open. */
  readonly greeting?: string;
  /** Whether a client that has heard this is in the group. */
  readonly isWelcome: (text: string) => boolean;
  /** What a keep-alive is answered with. */
  readonly answer: (text: string) => string | undefined;
  /** Asks the server to send the group `count` messages in one turn, numbered from `first`. */
  readonly publish: (first: number, count: number) => string;
}

/** Ends each message of SignalR's JSON protocol. */
const END = "\u001e";

const plain: Dialect = {
  path: "/",
  isWelcome: (text) => text === "welcome",
  answer: () => undefined,
  publish: (first, count) => JSON.stringify([first, count]),
};

export const dialects = {
  signalr: {
    path: "/hub",
    greeting: `{"protocol":"json","version":1}${END}`,
    isWelcome: (text) => text.startsWith(`{}${END}`),
    answer: () => undefined,
    publish: (first, count) => `{"type":1,"target":"Publish","arguments":[${first},${count}]}${END}`,
  },
  "socket.io": {
    path: "/socket.io/?EIO=4&transport=websocket",
    greeting: "40",
    isWelcome: (text) => text.startsWith("40"),
    answer: (text) => (text === "2" ? "3" : undefined),
    publish: (first, count) => `42["Publish",${first},${count}]`,
  },
  plain,
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof dialects;
