import { memo } from "react";
import { formatBriefly, formatFull } from "../../ui/dates.ts";
import { Link } from "../../ui/navigation.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { messagePath, useChat } from "../chat/index.ts";
import { titleOf } from "../conversations/index.ts";
import { plainly, snippetOf } from "./snippet.ts";
import type { SearchHit } from "./use-search.ts";

/** A message that was found, and the way to it. */
export const SearchHitItem = memo(function SearchHitItem({
  hit: { message, highlights },
}: {
  readonly hit: SearchHit;
}) {
  const { conversationId, seq, senderId, createdAt, text, media = [] } = message;
  const plain = plainly(text ?? "", highlights);
  // the text first: highlights are places in it
  const words = [...(text === undefined ? [] : [plain.text]), ...media.map(({ fileName }) => fileName)].join("\n");
  const ownId = useChat((chat) => chat.ownId);
  const sender = useChat((chat) => chat.users.get(senderId));
  const conversation = useChat((chat) => chat.conversations.get(conversationId)?.conversation);
  const name = sender?.displayName ?? "…";
  const sent = new Date(createdAt);
  return (
    <li className="border-line border-b last:border-b-0">
      <Link
        to={messagePath(conversationId, seq)}
        className="-outline-offset-2 flex gap-3 px-4 py-3 transition-colors duration-100 hover:bg-hover"
      >
        <PersonAvatar id={senderId} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="truncate font-semibold text-small">{name}</span>
            {conversation !== undefined && (
              <span className="min-w-0 flex-1 truncate text-caption text-faint">in {titleOf(conversation, ownId)}</span>
            )}
            <time
              dateTime={createdAt}
              title={formatFull(sent)}
              className="ml-auto shrink-0 text-caption text-faint tabular-nums"
            >
              {formatBriefly(sent, new Date())}
            </time>
          </span>
          <span dir="auto" className="mt-0.5 block whitespace-pre-line text-soft [overflow-wrap:anywhere]">
            {snippetOf(words, plain.highlights).map(({ text: part, isHit }, index) =>
              isHit ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text keep their order
                <mark key={index} className="rounded-[0.2rem] bg-notice-wash px-0.5 font-medium text-ink">
                  {part}
                </mark>
              ) : (
                part
              ),
            )}
          </span>
        </span>
      </Link>
    </li>
  );
});
