import { redisBackplane } from "../../src/backplanes/redis.ts";
import { consoleLogger, createSignalR, defineHub, type HubCall, type HubContext } from "../../src/index.ts";

interface NodesTypes {
  readonly user: undefined;
  readonly events: { readonly Message: (...values: readonly unknown[]) => void; readonly Ask: unknown };
}

const texts = (value: unknown) => Array.from(Object(value), String);

/** A hub whose methods reach clients of whichever node; the token is the user's id. `dotnet/NodesHub.cs` is the same. */
function nodesHub() {
  const ask = (call: HubCall<NodesTypes>, id: unknown, question: unknown, signal?: AbortSignal) =>
    call.whileWaiting(
      server.clients
        .connection(String(id), { signal })
        .invoke("Ask", question)
        .catch((error: Error) => `error: ${error.message}`),
    );
  const hub = defineHub<NodesTypes>()({
    path: "/nodes",
    authenticate: async (_request, { token = "" }) => ({ userId: token, user: undefined }),
    methods: {
      Echo: (_call, value) => value,
      All: (_call, value) => server.clients.all.send("Message", value),
      AllWith: (_call, values) => server.clients.all.send("Message", ...Object(values)),
      AllExcept: (_call, ids, value) => server.clients.allExcept(texts(ids)).send("Message", value),
      Others: (call, value) => server.clients.allExcept([call.connectionId]).send("Message", value),
      Group: (_call, group, value) => server.clients.group(String(group)).send("Message", value),
      GroupExcept: (_call, group, ids, value) =>
        server.clients.groupExcept(String(group), texts(ids)).send("Message", value),
      OthersInGroup: (call, group, value) =>
        server.clients.groupExcept(String(group), [call.connectionId]).send("Message", value),
      ToGroups: (_call, groups, value) => server.clients.groups(texts(groups)).send("Message", value),
      User: (_call, user, value) => server.clients.user(String(user)).send("Message", value),
      Users: (_call, users, value) => server.clients.users(texts(users)).send("Message", value),
      Connection: (_call, id, value) => server.clients.connection(String(id)).send("Message", value),
      Connections: (_call, ids, value) => server.clients.connections(texts(ids)).send("Message", value),
      Add: (_call, id, group) => server.addToGroup(String(id), String(group)),
      Remove: (_call, id, group) => server.removeFromGroup(String(id), String(group)),
      Ask: (call, id, question) => ask(call, id, question),
      AskPatiently: (call, id, question, patience) => ask(call, id, question, AbortSignal.timeout(Number(patience))),
    },
  });
  const signalr = createSignalR({
    hubs: [hub],
    // Losses are warned of, and the tests bring them about.
    logger: { ...consoleLogger, warn: () => undefined },
    backplane: redisBackplane({
      redis: { path: process.env["REDIS_SOCKET"] ?? "" },
      channelPrefix: process.env["CHANNEL_PREFIX"] ?? "",
      hubName: (path) => process.env["HUB_NAME"] ?? path,
      timeout: 1000,
      acknowledgeTimeout: 3000,
    }),
    ...(process.env["TOKEN_KEY"] !== undefined && { tokenKey: process.env["TOKEN_KEY"] }),
  });
  const server: HubContext<NodesTypes> = signalr.hub(hub);
  return { signalr, ready: server.ready };
}

/** The server of one process, and when it hears the others. */
export const { signalr, ready } = nodesHub();
