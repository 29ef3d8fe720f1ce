import { backplaneContract } from "../testing/backplane-contract.ts";
import { inMemoryBackplane } from "./in-memory-backplane.ts";

backplaneContract("In memory", async () => ({
  backplane: inMemoryBackplane({ acknowledgeTimeout: 100 }),
  [Symbol.asyncDispose]: async () => undefined,
}));
