import { createSignalR, defineHub, HubException, type HubOptions, type SignalR } from "@hubbub/signalr";
import { InvalidOperationException } from "../../test-server/binding.ts";
import { type Call, type OracleContext, type OracleTypes, oracleMethods } from "./oracle-hub.ts";

/** Our server with the hubs of dotnet/Program.cs. */
export function createOracle(): SignalR {
  const hubs = Object.entries(hubOptions).map(([path, options]) => oracleHub(path, options, () => signalr));
  const signalr = createSignalR({ hubs, timerResolution: 50, logger: silent });
  return signalr;
}

/** The scripts make errors on purpose. */
const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };

type Options = Partial<HubOptions<OracleTypes>>;

const hubOptions: Readonly<Record<string, Options>> = {
  "/oracle": { statefulReconnect: true },
  "/detailed": { detailedErrors: true },
  "/small": { maximumMessageSize: 1024 },
  "/authorized": { authenticate: async (_request, { token }) => (isGood(token) ? identityOf(token) : null) },
  "/failing": {
    onConnected() {
      throw new InvalidOperationException("secret");
    },
  },
  "/failing-openly": {
    onConnected() {
      throw new HubException("told");
    },
  },
  "/aborting": { onConnected: (connection) => connection.close() },
  "/hasty": { handshakeTimeout: 500, keepAliveInterval: 500, clientTimeout: 1000, pollTimeout: 500 },
  "/no-websockets": { transports: ["ServerSentEvents", "LongPolling"] },
  "/only-websockets": { transports: ["WebSockets"] },
  "/version-1": { minimumNegotiateVersion: 1 },
};

function oracleHub(path: string, options: Options, signalr: () => SignalR) {
  const clients = () => signalr().hub(hub).clients;
  const lifetime = () => signalr().hub(hub).lifetime;
  const context: OracleContext = {
    detailed: options.detailedErrors ?? false,
    send: (whom, text, call) => addressees(whom, call).send("Message", text),
    ask: (question, { connectionId, connection }) =>
      clients().connection(connectionId, connection).invoke("Ask", question),
    setMember(group, { connectionId }, member) {
      if (member) lifetime().addToGroup(connectionId, group);
      else lifetime().removeFromGroup(connectionId, group);
    },
  };
  const addressees = (whom: string, call: Call) => {
    if (whom === "all") return clients().all;
    if (whom === "caller") return call.connection;
    return whom === "others" ? clients().allExcept([call.connectionId]) : clients().group(whom);
  };
  const authenticate = async (_request: Request, { token }: { readonly token?: string | undefined }) =>
    identityOf(token);
  const hub = defineHub<OracleTypes>()({ path, authenticate, ...oracleMethods(context), ...options });
  return hub;
}

const isGood = (token: string | undefined) => token !== undefined && token !== "refused";

/** Any token is the name of its user, except "refused". */
function identityOf(token: string | undefined) {
  return { userId: isGood(token) ? (token ?? "") : "", user: undefined };
}
