import { membership } from "./membership.ts";
import { messages } from "./messages.ts";
import type { Mutation } from "./mutation.ts";
import { people } from "./people.ts";
import { reading } from "./reading.ts";
import { store } from "./store.ts";

export const mutations: readonly Mutation[] = [...messages, ...reading, ...membership, ...people, ...store];
