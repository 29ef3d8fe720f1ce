import { createServer } from "node:http";
import { createSignalR, type HubContext } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
import { type BenchTypes, benchHub } from "./bench-hub.ts";
import { answerHttp, tellPort } from "./http-face.ts";

const hub = benchHub((): HubContext<BenchTypes> => server);
const signalr = createSignalR({ hubs: [hub] });
const server = signalr.hub(hub);
const runtime = nodeRuntime(signalr);
const listener = createServer(answerHttp);
runtime.attach(listener);
tellPort(listener);
