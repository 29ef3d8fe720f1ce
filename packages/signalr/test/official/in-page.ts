import type { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import type { Combination } from "./combination.ts";
import type { Library } from "./library.ts";
import { runScripts, type Sights } from "./scripts/index.ts";

type MessagePack = { readonly MessagePackHubProtocol: typeof MessagePackHubProtocol };

declare global {
  /** The official client's bundle for browsers, with MessagePack's beside it. */
  const signalR: Omit<Library, keyof MessagePack> & { readonly protocols: { readonly msgpack: MessagePack } };
  var runInPage: (combination: Combination) => Promise<Sights>;
}

globalThis.runInPage = (combination) =>
  runScripts({ ...signalR, ...signalR.protocols.msgpack }, combination, location.origin);
