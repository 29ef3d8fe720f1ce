import { limits, type MessageId, type Reaction, type UserId } from "@hubbub/contract";

/** What the log keeps of a reaction, beside the conversation, the seq and the pts. */
export interface ReactionPayload {
  readonly messageId: MessageId;
  readonly userId: UserId;
  readonly emoji: string;
  readonly count: number;
  readonly userIds: UserId[];
}

type Reactions = readonly Reaction[];

/** With one person more behind an emoji; undefined where the message would have too many different ones. */
export function withReaction(reactions: Reactions, emoji: string, userId: UserId): Reaction[] | undefined {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (known === undefined)
    return reactions.length < limits.reactions ? [...reactions, { emoji, count: 1, userIds: [userId] }] : undefined;
  const userIds = [...known.userIds, userId].slice(0, limits.reactionUserIds);
  return reactions.map((each) => (each === known ? { emoji, count: known.count + 1, userIds } : each));
}

/** With one person less. @param userIds the first of those who are left */
export function withoutReaction(reactions: Reactions, emoji: string, userIds: readonly UserId[]): Reaction[] {
  return reactions.flatMap((each) => {
    if (each.emoji !== emoji) return [each];
    return each.count > 1 ? [{ emoji, count: each.count - 1, userIds: [...userIds] }] : [];
  });
}
