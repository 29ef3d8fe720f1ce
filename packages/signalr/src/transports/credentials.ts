import type { Credentials } from "../hub/hub-options.ts";
import type { RequestUrl } from "./request-url.ts";

/** Reads a bearer token from where SignalR clients put it: the header, or the query where a browser can set no header. */
export function credentialsOf(request: Request, url: RequestUrl): Credentials {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? url.query("access_token");
  return token === undefined || token === "" ? {} : { token };
}
