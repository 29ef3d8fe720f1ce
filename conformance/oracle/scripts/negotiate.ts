import { inTurn, type Script } from "../script.ts";

const queries = [
  "",
  "?negotiateVersion=",
  "?negotiateVersion=0",
  "?negotiateVersion=1",
  "?negotiateVersion=2",
  "?negotiateVersion=-1",
  "?negotiateVersion=1.5",
  "?negotiateVersion=x",
  "?negotiateVersion=%201%20",
  "?negotiateVersion=%2B1",
  "?negotiateVersion=01",
  "?negotiateVersion=99999999999999999999",
  "?NEGOTIATEVERSION=1",
  "?negotiateVersion=1&negotiateVersion=0",
  "?negotiateVersion=1&useStatefulReconnect=true",
  "?negotiateVersion=1&USESTATEFULRECONNECT=TRUE",
  "?negotiateVersion=1&useStatefulReconnect=false",
  "?negotiateVersion=1&useStatefulReconnect=1",
  "?useStatefulReconnect=true",
] as const;

const others = [
  ["/version-1", ""],
  ["/version-1", "?negotiateVersion=0"],
  ["/version-1", "?negotiateVersion=1"],
  ["/no-websockets", "?negotiateVersion=1"],
  ["/only-websockets", "?negotiateVersion=1"],
  ["/detailed", "?negotiateVersion=1&useStatefulReconnect=true"],
  ["/authorized", "?negotiateVersion=1"],
  ["/authorized", "?negotiateVersion=1&access_token=refused"],
  ["/authorized", "?negotiateVersion=1&access_token=ada"],
  ["/ORACLE", "?negotiateVersion=1"],
  ["/absent", ""],
] as const;

/** What negotiate answers. */
export const negotiate: Script = {
  name: "negotiate",
  speaks: false,
  async run({ address }, note) {
    const observe = async (title: string, path: string, init: RequestInit) =>
      note(title, await answerOf(await fetch(address + path, init)));
    await inTurn(queries, (query) =>
      observe(`POST /oracle/negotiate${query}`, `/oracle/negotiate${query}`, { method: "POST" }),
    );
    await inTurn(others, ([hub, query]) =>
      observe(`POST ${hub}/negotiate${query}`, `${hub}/negotiate${query}`, { method: "POST" }),
    );
    await inTurn(["GET", "PUT", "DELETE", "HEAD"], (method) =>
      observe(method, "/oracle/negotiate?negotiateVersion=1", { method }),
    );
    await observe("a body", "/oracle/negotiate?negotiateVersion=1", { method: "POST", body: "whatever" });
    await observe("a slash at the end", "/oracle/negotiate/?negotiateVersion=1", { method: "POST" });
    const headers = { authorization: "Bearer ada" };
    await observe("a bearer token", "/authorized/negotiate?negotiateVersion=1", { method: "POST", headers });
  },
};

async function answerOf(response: Response) {
  const body = await response.text();
  const { headers } = response;
  if (body === "") return { status: response.status };
  const type = headers.get("content-type");
  const content = type?.startsWith("application/json") ? withoutIds(JSON.parse(body)) : body;
  return { status: response.status, type, hasLength: headers.has("content-length"), content };
}

/** Ids are of 128 bits or more, in base64url. */
function withoutIds(answer: Readonly<Record<string, unknown>>) {
  const { connectionId, connectionToken, ...rest } = answer;
  const shape = (id: unknown) => (typeof id === "string" && /^[\w.-]{22,}$/.test(id) ? "unguessable" : id);
  return { ...rest, connectionId: shape(connectionId), connectionToken: shape(connectionToken) };
}
