import { Dialog as Base } from "@base-ui/react/dialog";
import type { Attachment } from "@hubbub/contract";
import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Spinner } from "../../ui/spinner.tsx";
import { useAction, useChatStore, useMediaUrl } from "../chat/index.ts";
import { saveMedium } from "./save-medium.ts";
import { formatSize } from "./sizes.ts";

const toolClass = "text-on-stage/80 hover:bg-on-stage/15 hover:text-on-stage";

interface LightboxProps {
  readonly pictures: readonly Attachment[];
  /** The index of the one that is shown first. */
  readonly first: number;
  readonly onClose: () => void;
}

/** Pictures as large as the window, one after another. */
export function Lightbox({ pictures, first, onClose }: LightboxProps) {
  const store = useChatStore();
  const [index, setIndex] = useState(first);
  const picture = pictures[index];
  const save = useAction(async () => picture && saveMedium(store, picture));
  if (picture === undefined) return null;
  const go = (to: number): void => {
    if (pictures[to] !== undefined) setIndex(to);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === "ArrowLeft") go(index - 1);
    if (key === "ArrowRight") go(index + 1);
  };
  const place = pictures.length > 1 ? `${index + 1} of ${pictures.length} · ` : "";
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-stage/95 transition-opacity duration-150 data-starting-style:opacity-0" />
        <Base.Popup
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-30 flex flex-col text-on-stage outline-none transition-opacity duration-150 data-starting-style:opacity-0"
        >
          <header className="flex shrink-0 items-center gap-1 py-2 pr-2 pl-4">
            <div className="min-w-0 flex-1">
              <Base.Title dir="auto" className="truncate font-medium text-small">
                {picture.fileName}
              </Base.Title>
              <Base.Description aria-live="polite" className="truncate text-caption text-on-stage/70 tabular-nums">
                {save.failure ?? `${place}${formatSize(picture.size)}`}
              </Base.Description>
            </div>
            <IconButton label="Download" disabled={save.isBusy} onClick={() => save.run()} className={toolClass}>
              <Download size={20} />
            </IconButton>
            <Base.Close render={<IconButton label="Close" className={toolClass} />}>
              <X size={22} />
            </Base.Close>
          </header>
          <Stage key={picture.id} picture={picture} onClose={onClose}>
            <Turn label="Previous picture" side="left-2" isPossible={index > 0} onTurn={() => go(index - 1)}>
              <ChevronLeft size={28} />
            </Turn>
            <Turn
              label="Next picture"
              side="right-2"
              isPossible={index < pictures.length - 1}
              onTurn={() => go(index + 1)}
            >
              <ChevronRight size={28} />
            </Turn>
          </Stage>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface StageProps {
  readonly picture: Attachment;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Stage({ picture, onClose, children }: StageProps) {
  const { url, onError, isAbsent } = useMediaUrl(picture.id);
  const [isThere, setThere] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: beside Escape, for the mouse
    <div
      onClick={({ target, currentTarget }) => target === currentTarget && onClose()}
      className="relative flex min-h-0 flex-1 items-center justify-center p-2 pb-4 md:px-16"
    >
      {!isThere && (
        <p role="status" className="absolute flex items-center gap-2 text-small text-on-stage/70">
          {isAbsent ? "This picture cannot be loaded." : <Spinner />}
        </p>
      )}
      {url !== undefined && (
        <img
          src={url}
          alt={picture.fileName}
          width={picture.width}
          height={picture.height}
          onLoad={() => setThere(true)}
          onError={onError}
          className={classNames("max-h-full w-auto max-w-full object-contain", !isThere && "opacity-0")}
        />
      )}
      {children}
    </div>
  );
}

interface TurnProps {
  readonly label: string;
  readonly side: "left-2" | "right-2";
  readonly isPossible: boolean;
  readonly onTurn: () => void;
  readonly children: ReactNode;
}

function Turn({ label, side, isPossible, onTurn, children }: TurnProps) {
  if (!isPossible) return null;
  return (
    <IconButton
      label={label}
      onClick={onTurn}
      className={classNames("-translate-y-1/2 absolute top-1/2 size-12 rounded-full bg-stage/50", toolClass, side)}
    >
      {children}
    </IconButton>
  );
}
