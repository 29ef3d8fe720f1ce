import type { ConversationState, MessageIntent, PendingMessage } from "@hubbub/client";
import type { ConversationId, Message, UserId } from "@hubbub/contract";
import { memo } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatClock, formatDay, formatFull, formatTime } from "../../ui/dates.ts";
import { hueOf } from "../../ui/hue.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { namesFor, systemText, useChat, useChatStore } from "../conversations/index.ts";
import { useShowProfile } from "../people/index.ts";
import { type Delivery, deliveryOf } from "./delivery.ts";
import { ForwardedLine } from "./forwarded-line.tsx";
import { MessageActions } from "./message-actions.tsx";
import { MessageBody } from "./message-body.tsx";
import { type MessageRow, rowAt } from "./message-rows.ts";
import { Quote } from "./quote.tsx";
import { ReactionChips } from "./reaction-chips.tsx";
import { ThreadLine } from "./thread-line.tsx";
import { useAttention } from "./use-attention.ts";

interface MessageItemProps {
  readonly state: ConversationState;
  readonly index: number;
  readonly ownId: UserId;
}

export const MessageItem = memo(function MessageItem({ state, index, ownId }: MessageItemProps) {
  const row = rowAt(state, index, ownId);
  if (row === undefined) return null;
  const isOwn = row.senderId === ownId;
  return (
    <>
      {row.startsDay && <DayHeading day={row.createdAt} />}
      {row.stored?.kind === "system" ? (
        <SystemLine message={row.stored} />
      ) : (
        <Row row={row} isOwn={isOwn} delivery={isOwn ? deliveryOf(state, index, ownId) : undefined} state={state} />
      )}
    </>
  );
});

function DayHeading({ day }: { readonly day: Date }) {
  return (
    <h2 className="flex items-center gap-3 px-4 pt-5 pb-1 font-medium text-caption text-faint md:px-5">
      {formatDay(day, new Date())}
      <span className="h-px flex-1 bg-line" />
    </h2>
  );
}

/** What happened, said quietly between what was written. */
function SystemLine({ message: { system, senderId, createdAt } }: { readonly message: Message }) {
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  return (
    <p
      dir="auto"
      title={formatFull(new Date(createdAt))}
      className="px-4 py-1.5 text-center text-caption text-faint [overflow-wrap:anywhere] md:px-5"
    >
      {systemText(system, senderId, namesFor(ownId, users))}
    </p>
  );
}

interface RowProps {
  readonly row: MessageRow;
  readonly isOwn: boolean;
  /** Of one of one's own. */
  readonly delivery: Delivery | undefined;
  readonly state: ConversationState;
}

function Row({ row, isOwn, delivery, state }: RowProps) {
  const { senderId, createdAt, startsGroup, pending, stored, replyTo } = row;
  const { hasAttention, ...attention } = useAttention();
  const isDeleted = stored?.deletedAt !== undefined;
  const sender = useChat((chat) => chat.users.get(senderId));
  const name = sender?.displayName ?? "…";
  const ownId = useChat((chat) => chat.ownId);
  const isCalled = !isOwn && stored?.mentions?.some((each) => each === ownId || each === "everyone");
  const isFailed = pending?.status === "failed";
  const changes = stored === undefined ? [] : state.changing.filter(({ messageId }) => messageId === stored.id);
  const isWaiting = (pending !== undefined && !isFailed) || changes.some(({ status }) => status === "sending");
  const show = useShowProfile();
  return (
    <article
      aria-label={`${name}, ${formatFull(createdAt)}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its actions appear with the focus
      tabIndex={0}
      data-message={stored?.id}
      {...attention}
      className={classNames(
        "group -outline-offset-2 relative flex gap-3 px-4 hover:bg-hover/50 md:px-5",
        startsGroup ? "pt-2.5 pb-0.5" : "py-0.5",
        isCalled && "bg-notice-wash/40 shadow-[inset_3px_0_var(--color-notice)]",
      )}
    >
      <div className="w-9 shrink-0">
        {startsGroup ? (
          <button
            type="button"
            // by keys each message is one stop; people are reached from the list of members
            tabIndex={-1}
            aria-label={`Who is ${name}?`}
            onClick={() => show(senderId)}
            className="rounded-medium"
          >
            <PersonAvatar id={senderId} />
          </button>
        ) : (
          <time
            dateTime={createdAt.toISOString()}
            className="block whitespace-nowrap text-right text-[0.6875rem] text-faint tabular-nums leading-[1.4375rem] opacity-0 group-hover:opacity-100"
          >
            {formatClock(createdAt)}
          </time>
        )}
      </div>
      <div className="min-w-0 flex-1">
        {startsGroup && (
          <p className="-mt-0.5 flex items-baseline gap-2">
            <span data-hue={hueOf(senderId)} className="tinted-name truncate font-semibold text-small">
              {name}
            </span>
            <time
              dateTime={createdAt.toISOString()}
              title={formatFull(createdAt)}
              className="shrink-0 text-caption text-faint tabular-nums"
            >
              {formatTime(createdAt)}
            </time>
          </p>
        )}
        {stored?.forwardedFrom !== undefined && <ForwardedLine from={stored.forwardedFrom} />}
        {replyTo !== undefined && <Quote id={state.conversation.id} replyTo={replyTo} />}
        {isDeleted ? (
          <p className="text-faint italic">This message was deleted.</p>
        ) : (
          <MessageBody row={row} isWaiting={isWaiting} delivery={isFailed ? undefined : delivery} />
        )}
        {stored?.reactions !== undefined && <ReactionChips message={stored} reactions={stored.reactions} />}
        {stored?.thread !== undefined && <ThreadLine rootId={stored.id} thread={stored.thread} />}
        {isFailed && <Failed waiting={pending} says="Not sent." conversationId={state.conversation.id} />}
        {changes
          .filter(({ status }) => status === "failed")
          .map((change) => (
            <Failed
              key={change.clientMessageId}
              waiting={change}
              says={refusals[change.intent.kind]}
              conversationId={state.conversation.id}
            />
          ))}
      </div>
      {hasAttention && stored !== undefined && !isDeleted && (
        <MessageActions message={stored} conversation={state.conversation} isOwn={isOwn} />
      )}
    </article>
  );
}

const refusals: Readonly<Record<MessageIntent["kind"], string>> = {
  edit: "Your change was not saved.",
  delete: "Not deleted.",
  react: "Your reaction was not added.",
  unreact: "Your reaction was not taken back.",
};

interface FailedProps {
  readonly waiting: Pick<PendingMessage, "clientMessageId" | "failure">;
  readonly says: string;
  readonly conversationId: ConversationId;
}

function Failed({ waiting, says, conversationId }: FailedProps) {
  const store = useChatStore();
  const { clientMessageId, failure } = waiting;
  const actionClass = "rounded-small font-medium underline underline-offset-2";
  return (
    <p role="alert" className="flex flex-wrap gap-x-3 text-danger text-small">
      <span>
        {says} {failure}
      </span>
      <button
        type="button"
        className={actionClass}
        onClick={() => store.messages.retry(conversationId, clientMessageId)}
      >
        Try again
      </button>
      <button
        type="button"
        className={actionClass}
        onClick={() => store.messages.discard(conversationId, clientMessageId)}
      >
        Discard
      </button>
    </p>
  );
}
