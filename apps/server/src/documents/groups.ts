import type { OperationRow } from "@hubbub/contract";

/** The heading under which the documents list an operation: the first part of its path. */
export function groupOf({ route }: OperationRow): string {
  return /^\/([a-z]+)/.exec(route.path)?.[1] ?? "other";
}
