import { Pin } from "lucide-react";
import { use } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatFull } from "../../ui/dates.ts";
import { MessageMedia } from "../media/index.ts";
import type { Delivery } from "./delivery.ts";
import { DeliveryMark } from "./delivery-mark.tsx";
import type { MessageRow } from "./message-rows.ts";
import { MessageText } from "./message-text.tsx";
import { MessageViewContext } from "./message-view-context.ts";

interface MessageBodyProps {
  readonly row: MessageRow;
  /** It, or a change of it, is on its way to the server. */
  readonly isWaiting: boolean;
  readonly delivery: Delivery | undefined;
}

/** What a message says and carries, and what has become of it. */
export function MessageBody({ row, isWaiting, delivery }: MessageBodyProps) {
  const { text, media, stored } = row;
  const openView = use(MessageViewContext);
  return (
    <div className="flex max-w-[46rem] items-end gap-2">
      <div className={classNames("min-w-0 flex-1 [overflow-wrap:anywhere]", isWaiting && "text-soft")}>
        {text !== "" && <MessageText text={text} mentions={stored?.mentions} />}
        {media.length > 0 && <MessageMedia media={media} />}
      </div>
      {stored?.pinnedAt !== undefined && (
        <Pin size={13} role="img" aria-label="Pinned" className="mb-1 shrink-0 text-faint" />
      )}
      {stored?.editedAt !== undefined && (
        <button
          type="button"
          // by keys each message is one stop; its menu leads there too
          tabIndex={-1}
          title={`${formatFull(new Date(stored.editedAt))}: show earlier texts`}
          onClick={() => openView({ kind: "edits", message: stored })}
          className="shrink-0 rounded-small text-caption text-faint hover:text-ink hover:underline"
        >
          edited
        </button>
      )}
      {delivery !== undefined && <DeliveryMark delivery={delivery} />}
    </div>
  );
}
