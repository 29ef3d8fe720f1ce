import type { HubbubApi } from "@hubbub/client";
import type { Change, Conversation, ConversationId, InboxEntry, OperationOutput } from "@hubbub/contract";
import type { Ledger } from "./ledger.ts";

/** A conversation's whole log, as its owner reads it. */
export async function readLog(api: HubbubApi, conversationId: ConversationId): Promise<Change[]> {
  const log: Change[] = [];
  for (let after: string | null = "0"; after !== null; ) {
    const page: { items: Change[]; nextCursor: string | null } = await api.call("listChanges", {
      conversationId,
      afterPts: after,
      limit: 200,
    });
    log.push(...page.items);
    after = page.nextCursor;
  }
  return log;
}

/** A person's whole inbox. */
export async function readInbox(api: HubbubApi): Promise<InboxEntry[]> {
  const { epoch } = await api.call("sync", {});
  const inbox: InboxEntry[] = [];
  for (let more = true; more; ) {
    const answer = await api.call("sync", { epoch, userPts: inbox.length });
    inbox.push(...answer.user);
    more = answer.more === true;
  }
  return inbox;
}

/** All conversations of a person. */
export async function readConversations(api: HubbubApi): Promise<Conversation[]> {
  const all: Conversation[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: OperationOutput<"listConversations"> = await api.call("listConversations", {
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/**
 * Compares what senders were told with what is stored.
 * @returns what is wrong: a gap, something acknowledged that is lost or differs, something doubled or never sent
 */
export function compare(ledger: Ledger, logs: ReadonlyMap<ConversationId, readonly Change[]>): string[] {
  const faults: string[] = [];
  const sent = new Map(ledger.entries.map((entry) => [entry.text, entry]));
  const stored = new Set<string>();
  for (const [id, log] of logs) {
    const messages = log.flatMap((change) => (change.event === "ReceiveMessage" ? [change.payload] : []));
    if (
      !Bun.deepEquals(
        log.map(({ pts }) => pts),
        upTo(log.length),
      )
    )
      faults.push(`pts of ${id} have a gap`);
    if (
      !Bun.deepEquals(
        messages.map(({ seq }) => seq),
        upTo(messages.length),
      )
    )
      faults.push(`seq of ${id} have a gap`);
    for (const { text = "", kind, id: messageId, seq, pts, senderId } of messages) {
      if (kind === "system") continue; // nobody sent it
      const entry = sent.get(text);
      if (entry?.conversationId !== id || entry.senderId !== senderId) faults.push(`"${text}" was never sent so`);
      if (stored.has(text)) faults.push(`"${text}" is there twice`);
      stored.add(text);
      const told = entry?.acknowledgement;
      if (told !== undefined && !Bun.deepEquals(told, { messageId, seq, pts }))
        faults.push(
          `"${text}" was acknowledged as ${JSON.stringify(told)} and is ${messageId}, seq ${seq}, pts ${pts}`,
        );
    }
  }
  for (const { text, conversationId, acknowledgement } of ledger.entries)
    if (acknowledgement !== undefined && logs.has(conversationId) && !stored.has(text))
      faults.push(`"${text}" was acknowledged and is lost`);
  return faults;
}
