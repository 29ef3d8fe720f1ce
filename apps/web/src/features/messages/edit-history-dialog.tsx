import type { Message } from "@hubbub/contract";
import { Button } from "../../ui/button.tsx";
import { formatFull } from "../../ui/dates.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChatStore, useLoaded } from "../conversations/index.ts";
import { MessageText } from "./message-text.tsx";

interface EditHistoryDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** What a message said before, the newest first. */
export function EditHistoryDialog({ message, onClose }: EditHistoryDialogProps) {
  const { id, text, pts, editedAt, createdAt } = message;
  const store = useChatStore();
  const { loaded, reload } = useLoaded(() => store.messages.readEdits(id), [store, id, pts]);
  return (
    <Dialog title="Edit history" isOpen onClose={onClose}>
      {text !== undefined && <Version title="Now" since={editedAt ?? createdAt} text={text} />}
      {loaded.status === "loading" && (
        <p role="status" className="flex items-center gap-2 py-3 text-small text-soft">
          <Spinner /> Reading earlier texts…
        </p>
      )}
      {loaded.status === "failed" && (
        <div className="flex flex-col items-start gap-2 py-3">
          <ErrorNotice>{loaded.detail}</ErrorNotice>
          <Button onClick={reload}>Try again</Button>
        </div>
      )}
      {loaded.status === "ready" &&
        loaded.value
          .toReversed()
          .map((edit, index, { length }) => (
            <Version
              key={edit.createdAt}
              title={index === length - 1 ? "At first" : "Before"}
              since={edit.createdAt}
              text={edit.text}
            />
          ))}
    </Dialog>
  );
}

interface VersionProps {
  readonly title: string;
  readonly since: string;
  readonly text: string;
}

function Version({ title, since, text }: VersionProps) {
  return (
    <section className="border-line border-b py-3 last:border-b-0">
      <h3 className="mb-1 flex items-baseline gap-2 text-caption text-faint">
        <span className="font-semibold text-soft">{title}</span>
        <time dateTime={since}>{formatFull(new Date(since))}</time>
      </h3>
      <div className="[overflow-wrap:anywhere]">
        <MessageText text={text} mentions={undefined} />
      </div>
    </section>
  );
}
