import { operations, type Provider } from "@hubbub/contract";
import { definePublicOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";

export function listProvidersOperation(items: Provider[]): Operation {
  return definePublicOperation(operations.listProviders, {
    handle: () => ok(null),
    rest: () => ({ body: { items } }),
  });
}
