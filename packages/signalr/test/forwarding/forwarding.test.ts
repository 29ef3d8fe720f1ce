import { inMemoryBackplane } from "../../src/index.ts";
import { forwardingContract } from "./forwarding-contract.ts";

forwardingContract("In memory", async () => ({
  backplane: inMemoryBackplane({ acknowledgeTimeout: 100 }),
  [Symbol.asyncDispose]: async () => undefined,
}));
