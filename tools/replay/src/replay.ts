import { type ConversationId, type MessageId, newClientMessageId } from "@hubbub/contract";
import type { Progress } from "@hubbub/progress";
import { firstDifference, type Line, type SentLine } from "./compare.ts";
import { SpeakerConnections } from "./connections.ts";
import { type Participant, registerAll } from "./participants.ts";
import type { Plan, Step } from "./plan.ts";
import { Reader } from "./reader.ts";

export interface Outcome {
  readonly sent: number;
  /** What came back where, and how it differs from what was sent. */
  readonly copies: readonly {
    readonly name: string;
    readonly lines: number;
    readonly difference: string | undefined;
  }[];
  /** Milliseconds from the first step to the last line's delivery. */
  readonly duration: number;
  /** How many lines were looked for by their words, and where those stand that were not found. */
  readonly search: { readonly asked: number; readonly missed: readonly string[] };
}

/** Sockets that speakers may hold open at once. */
const mostConnections = 200;

/** Who keeps the channel and who listens. They need sessions. */
const staff = [
  { username: "replay-owner", displayName: "Replay", speaks: true },
  { username: "replay-reader-1", displayName: "Reader 1", speaks: true },
  { username: "replay-reader-2", displayName: "Reader 2", speaks: true },
];

interface Stage {
  readonly owner: Participant;
  readonly conversationId: ConversationId;
  /** By their number in the plan. */
  readonly cast: readonly Participant[];
}

/** Does the plan's steps one after the other, since the log's order is the order to be kept. */
async function perform(steps: readonly Step[], stage: Stage, progress: Progress): Promise<SentLine[]> {
  const { owner, conversationId, cast } = stage;
  const speakers = new SpeakerConnections(mostConnections);
  const sent: SentLine[] = [];
  const ids = new Map<string, MessageId>();
  for (const step of steps) {
    const participant = cast[step.account];
    if (participant === undefined) throw new RangeError(`The plan has no account ${step.account}`);
    const { userId, api } = participant;
    switch (step.kind) {
      case "add":
        await owner.api.call("addMembers", { conversationId, userIds: [userId] });
        break;
      case "remove":
        await owner.api.call("removeMember", { conversationId, userId });
        break;
      case "send": {
        const { text, at, answer } = step;
        const replyToId = answer && ids.get(answer.to);
        const threadRootId = answer?.thread === undefined ? undefined : ids.get(answer.thread);
        const { messageId } = await (await speakers.of(api)).call("sendMessage", {
          ...{ conversationId, clientMessageId: newClientMessageId(), text },
          ...(replyToId !== undefined && { replyToId }),
          ...(threadRootId !== undefined && { threadRootId }),
        });
        ids.set(at, messageId);
        sent.push({ id: messageId, senderId: userId, text, at, replyToId, threadRootId });
        progress.advance();
        break;
      }
    }
  }
  await speakers.close();
  return sent;
}

/**
 * Lets a planned conversation happen on a server, in a new channel, and compares what two readers were sent and what
 * the history holds with it.
 * @throws HubbubError when the server refuses a step
 */
export async function replay(url: string, title: string, plan: Plan, progress: Progress): Promise<Outcome> {
  progress.begin("accounts", staff.length + plan.accounts.length);
  const everyone = await registerAll(url, [...staff, ...plan.accounts], () => progress.advance());
  const [owner, first, second, ...cast] = everyone;
  if (owner === undefined || first === undefined || second === undefined) throw new Error("No staff");

  const memberIds = [first.userId, second.userId];
  const { conversation } = await owner.api.call("createConversation", { type: "channel", title, memberIds });
  const readers = await Promise.all([Reader.connect(first), Reader.connect(second)]);

  const lines = plan.steps.filter((step) => step.kind === "send").length;
  progress.begin("lines", lines);
  const begun = performance.now();
  const sent = await perform(plan.steps, { owner, conversationId: conversation.id, cast }, progress);
  await Promise.all(readers.map((reader) => reader.hearOut(lines)));
  const duration = performance.now() - begun;

  const stored = await readers[0].history(conversation.id);
  const search = await readers[0].search(conversation.id, sent);
  await Promise.all(readers.map((reader) => reader.close()));
  const copy = (name: string, came: readonly Line[]) => ({
    name,
    lines: came.length,
    difference: firstDifference(sent, came),
  });
  const copies = [
    copy("stored", stored),
    copy("delivered to reader 1", readers[0].heard),
    copy("delivered to reader 2", readers[1].heard),
  ];
  return { sent: sent.length, copies, duration, search };
}
