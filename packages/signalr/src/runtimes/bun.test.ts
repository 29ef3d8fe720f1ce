import { startBunServer } from "../../test/bun-server.ts";
import { contractHub, hastyHub } from "../testing/contract-hub.ts";
import { ContractSignalR, failingOnPurpose } from "../testing/contract-signalr.ts";
import { runtimeContract } from "../testing/runtime-contract.ts";

// Bun answers a close itself, before it tells anyone of it.
runtimeContract("Bun", 1005, async () => {
  const served = { hubs: [contractHub, hastyHub], logger: failingOnPurpose };
  const server = startBunServer(served, (options) => new ContractSignalR(options));
  return { address: server.address, stop: () => server[Symbol.asyncDispose]() };
});
