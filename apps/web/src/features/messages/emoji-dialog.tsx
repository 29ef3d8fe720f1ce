import type { Message } from "@hubbub/contract";
import { EmojiPicker, type EmojiPickerListComponents } from "frimousse";
import { Dialog } from "../../ui/dialog.tsx";
import { useChatStore } from "../conversations/index.ts";
import { emojiData } from "./emoji-data.ts";

const parts: EmojiPickerListComponents = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised py-1.5 font-medium text-caption text-faint">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...props} className="flex">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button
      type="button"
      {...props}
      className="flex h-11 w-1/8 items-center justify-center rounded-small text-[1.375rem] data-active:bg-hover"
    >
      {emoji.emoji}
    </button>
  ),
};

interface EmojiDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Picks any emoji as a reaction. */
export function EmojiDialog({ message, onClose }: EmojiDialogProps) {
  const store = useChatStore();
  return (
    <Dialog title="React" isOpen onClose={onClose}>
      <EmojiPicker.Root
        columns={8}
        resolveEmojiData={() => emojiData}
        onEmojiSelect={({ emoji }) => {
          store.messages.react(message, emoji);
          onClose();
        }}
        className="isolate flex h-96 min-h-0 flex-col pt-2"
      >
        <EmojiPicker.Search
          autoFocus
          aria-label="Search emoji"
          placeholder="Search"
          className="h-10 shrink-0 rounded-medium border border-edge bg-surface px-3 text-small placeholder:text-faint"
        />
        <EmojiPicker.Viewport className="relative mt-2 flex-1 outline-none">
          <EmojiPicker.Empty className="absolute inset-x-0 top-6 text-center text-small text-soft">
            No emoji is called so.
          </EmojiPicker.Empty>
          <EmojiPicker.List className="select-none pb-2" components={parts} />
        </EmojiPicker.Viewport>
        <p className="h-6 shrink-0 truncate pt-1 text-caption text-soft">
          <EmojiPicker.ActiveEmoji>{({ emoji }) => emoji?.label ?? ""}</EmojiPicker.ActiveEmoji>
        </p>
      </EmojiPicker.Root>
    </Dialog>
  );
}
