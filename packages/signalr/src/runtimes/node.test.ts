import { join } from "node:path";
import { startOnNode } from "../../test/node/start-node.ts";
import { startOnBun } from "../../test/node/start-on-bun.ts";
import { runtimeContract } from "../testing/runtime-contract.ts";

const server = join(import.meta.dir, "../../test/node/contract-server.ts");
runtimeContract("Node", 1000, () => startOnNode(server));
runtimeContract("node:http under Bun", 1000, () => startOnBun(server));
