import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

const sizes = {
  medium: "sm:w-[28rem]",
  /** As high as it can be, so that it stays where it is when what is in it changes. */
  wide: "h-[92dvh] sm:h-[36rem] sm:w-[44rem] sm:max-w-[calc(100vw-2rem)]",
} as const;

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  readonly size?: keyof typeof sizes;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What gets the focus first; without it, the first that can. */
  readonly focusFirst?: RefObject<HTMLElement | null>;
  /** Whether what had the focus before gets it back; without it, it does. */
  readonly givesFocusBack?: () => boolean;
  readonly children: ReactNode;
}

const always = (): boolean => true;

/** A modal window: keeps focus inside, closes on Escape, gives focus back. Fills narrow screens from below. */
export function Dialog({
  title,
  description,
  size = "medium",
  isOpen,
  onClose,
  focusFirst,
  givesFocusBack = always,
  children,
}: DialogProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop
          forceRender // over another dialog too
          className="fixed inset-0 z-20 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <Base.Popup
          initialFocus={focusFirst}
          finalFocus={givesFocusBack}
          className={classNames(
            "fixed inset-x-0 bottom-0 z-20 flex max-h-[92dvh] flex-col rounded-t-large bg-raised shadow-floating outline-none transition duration-150 ease-out data-ending-style:translate-y-2 data-starting-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:inset-x-auto sm:top-[12dvh] sm:bottom-auto sm:left-1/2 sm:max-h-[76dvh] sm:-translate-x-1/2 sm:rounded-large",
            sizes[size],
          )}
        >
          <header className="flex items-start gap-2 pt-4 pr-3 pb-1 pl-5">
            <div className="min-w-0 flex-1 pt-1.5">
              <Base.Title className="font-semibold text-title">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="text-small text-soft">{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<IconButton label="Close" />}>
              <X size={20} />
            </Base.Close>
          </header>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-5 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
