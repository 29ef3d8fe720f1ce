import type { Mutation } from "./mutation.ts";

export const people: readonly Mutation[] = [];
