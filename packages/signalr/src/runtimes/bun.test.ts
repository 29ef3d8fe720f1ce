import { startBunServer } from "../../test/bun-server.ts";
import { contractHub } from "../testing/contract-hub.ts";
import { runtimeContract } from "../testing/runtime-contract.ts";

runtimeContract("Bun", async () => {
  const server = startBunServer({ hubs: [contractHub] });
  return { address: server.address, stop: () => server[Symbol.asyncDispose]() };
});
