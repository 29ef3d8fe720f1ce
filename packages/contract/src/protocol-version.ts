/**
 * Rises with every change of the wire contract; `schemaHash` pins the contract that it names, and a test fails when
 * they no longer belong together.
 *
 * 1: accounts, conversations, members, messages, sync.
 * 2: replies, edits, deletion, reactions, one message by its id.
 */
export const protocolVersion = 2;

/** SHA-256 over the JSON Schemas of all operations and events, first 16 hex digits. */
export const schemaHash = "2f0c225835b8cba2";
