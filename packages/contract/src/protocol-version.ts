/**
 * Rises with every change of the wire contract; `schemaHash` pins the contract that it names, and a test fails when
 * they no longer belong together.
 *
 * 1: accounts, conversations, members, messages, sync.
 * 2: replies, edits, deletion, reactions, one message by its id.
 * 3: sessions, hub tickets, password change, profiles.
 * 4: read and delivered marks, receipts.
 * 5: second factor; threads, mentions, what the system says; roles, public channels, bans, invitations; dead letters and jobs;
 * what is of a kind unknown here is read as such; presence, status, typing, three hubs; friends, blocks, settings;
 * identities of providers; settings of a conversation; mails with links; invitations to register; search;
 * pins.
 * 6: friends by the time of their request; accounts that are deleted, exported or suspended; new recovery codes, passkeys;
 * forwarding a message, who got and read one message; alerts of requests and invitations; retention; members by their ids.
 * 7: the event Error; media in messages, who reacted to a message, what admins did; uploads, and pictures of people and conversations.
 * 8: why and until when an account is suspended, told to its person.
 */
export const protocolVersion = 8;

/** SHA-256 over the JSON Schemas of all operations and events, first 16 hex digits. */
export const schemaHash = "9f71819028666fb6";
