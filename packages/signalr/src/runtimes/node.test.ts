import { join } from "node:path";
import { startOnNode } from "../../test/node/start-node.ts";
import { runtimeContract } from "../testing/runtime-contract.ts";

runtimeContract("Node", 1000, () => startOnNode(join(import.meta.dir, "../../test/node/contract-server.ts")));
