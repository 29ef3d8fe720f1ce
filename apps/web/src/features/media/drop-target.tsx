import type { ConversationId, MessageId } from "@hubbub/contract";
import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useAttachmentTray } from "./attachments.tsx";

interface DropTargetProps {
  readonly conversationId: ConversationId;
  /** Of the thread that is shown. */
  readonly threadRootId?: MessageId;
  readonly isOff: boolean;
  readonly children: ReactNode;
}

const className = "relative flex min-h-0 min-w-0 flex-1 flex-col";

/** Attaches the files that are dragged onto what is within. */
export function DropTarget({ conversationId, threadRootId, isOff, children }: DropTargetProps) {
  const { tray } = useAttachmentTray(threadRootId ?? conversationId, conversationId);
  const [isOver, setOver] = useState(false);
  /** What is within tells of entering and leaving too. */
  const depth = useRef(0);
  const enter = (by: number): void => {
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  const end = (): void => enter(-depth.current);
  if (isOff) return <div className={className}>{children}</div>;
  const whenFiles = (act: (drag: DragEvent) => void) => (drag: DragEvent) => {
    if (!drag.dataTransfer.types.includes("Files")) return;
    drag.preventDefault();
    act(drag);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone; the button beside the text does the same
    <div
      className={className}
      onDragEnter={whenFiles(() => enter(1))}
      onDragLeave={whenFiles(() => enter(-1))}
      onDragOver={whenFiles(({ dataTransfer }) => {
        dataTransfer.dropEffect = "copy";
      })}
      onDrop={whenFiles(({ dataTransfer }) => {
        end();
        tray.add([...dataTransfer.files]);
      })}
    >
      {children}
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-10 flex animate-arrive flex-col items-center justify-center gap-2 rounded-large border-2 border-accent border-dashed bg-surface/90">
          <Upload size={28} aria-hidden="true" className="text-accent" />
          <p className="font-semibold">Drop files to attach them</p>
        </div>
      )}
    </div>
  );
}
