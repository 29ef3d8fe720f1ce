import type { Mutation } from "./mutation.ts";

export const store: readonly Mutation[] = [];
