import type { Mutation } from "./mutation.ts";

const folder = "packages/client/src/store";
const caughtBy = "store";

/** What a client keeps of the changes it hears. */
export const store: readonly Mutation[] = [
  {
    ...{ name: "a client takes no note of a pin", caughtBy, seed: 101 },
    file: `${folder}/pins.ts`,
    find: "  pins.add(message.id);\n",
    replace: "",
  },
  {
    ...{ name: "a client takes no note of the end of a pin", caughtBy, seed: 102 },
    file: `${folder}/pins.ts`,
    find: "    pins.delete(message.id);\n",
    replace: "",
  },
  {
    ...{ name: "a client lists a message as pinned that was deleted", caughtBy, seed: 103 },
    file: `${folder}/apply-change.ts`,
    find: "withPin(replaceMessage(next, change, ownId, blocks), change.payload);\n      return uncount",
    replace: "replaceMessage(next, change, ownId, blocks);\n      return uncount",
  },
  {
    ...{ name: "a client does not keep a pinned message that it does not show", caughtBy, seed: 104 },
    file: `${folder}/pins.ts`,
    find: "...(!isHeldToStay(state, message) && { aside: new Map(aside).set(message.id, message) }) };",
    replace: "aside };",
  },
  {
    ...{ name: "a client takes a list of pins that lacks what changed meanwhile", caughtBy, seed: 105 },
    file: `${folder}/aside-reader.ts`,
    find: "if (now.pinsPts !== known.pinsPts || now.messagesPts !== known.messagesPts) return this.#loadPins",
    replace: "if (now.pinsPts < 0) return this.#loadPins",
  },
  {
    ...{ name: "a client forgets which changes came early", caughtBy, seed: 106 },
    file: `${folder}/apply-change.ts`,
    find: "if (change.pts > pts + 1) return { ...state, early: keepEarly(state.early, change) };",
    replace: "",
  },
  {
    ...{ name: "a client applies a change twice", caughtBy, seed: 107 },
    file: `${folder}/apply-change.ts`,
    find: "if (change.pts <= pts || change.event",
    replace: "if (change.event",
  },
  {
    ...{ name: "a client counts no replies for their root", caughtBy, seed: 108 },
    file: `${folder}/apply-change.ts`,
    find: "(root) => withReply(root, pts, message),",
    replace: "(root) => root,",
  },
];
