import { X } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { AttachmentItem } from "./attachment-item.tsx";
import type { AttachmentTray } from "./attachment-tray.ts";
import type { useAttachmentTray } from "./attachments.tsx";

type AttachmentListProps = ReturnType<typeof useAttachmentTray>;

/** What was chosen for the message that is being written, and messages that wait for their files. */
export function AttachmentList({ tray, files, outgoing, notice }: AttachmentListProps) {
  return (
    <>
      <p role="status" className="sr-only">
        {files.length > 0 && (files.length === 1 ? "1 file attached" : `${files.length} files attached`)}
      </p>
      {outgoing.map(({ key, message, files: waiting }) => (
        <section key={key} aria-label="Message that waits" className="mb-2 rounded-medium bg-accent-wash p-2">
          <header className="mb-1 flex items-center gap-2 pl-1 text-small">
            <p role="status" className="min-w-0 flex-1 truncate">
              <span className="font-semibold">Sent as soon as its files are there</span>
              {message.text !== "" && <span className="text-soft"> · {message.text}</span>}
            </p>
            <IconButton label="Do not send" className="size-8" onClick={() => tray.discard(key)}>
              <X size={16} />
            </IconButton>
          </header>
          <Files tray={tray} files={waiting} label="Files that are waited for" />
        </section>
      ))}
      {files.length > 0 && (
        <div className="mb-2">
          <Files tray={tray} files={files} label="Attachments" />
        </div>
      )}
      {notice !== undefined && (
        <p role="alert" className="mb-1 px-1 text-danger text-small">
          {notice}
        </p>
      )}
    </>
  );
}

interface FilesProps {
  readonly tray: AttachmentTray;
  readonly files: AttachmentListProps["files"];
  readonly label: string;
}

function Files({ tray, files, label }: FilesProps) {
  return (
    <ul
      aria-label={label}
      className="grid max-h-56 grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] items-start gap-1.5 overflow-y-auto"
    >
      {files.map((file) => (
        <AttachmentItem key={file.key} file={file} onRemove={() => tray.remove(file.key)} />
      ))}
    </ul>
  );
}
