import { Pencil, Reply, X } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { useChat } from "../conversations/index.ts";
import { snippetOf } from "./message-rows.ts";
import type { Target } from "./message-target.ts";

interface ComposerTargetProps {
  readonly target: Target;
  readonly onCancel: () => void;
}

/** Tells what the text below will answer, or become. */
export function ComposerTarget({ target: { kind, message }, onCancel }: ComposerTargetProps) {
  const name = useChat((chat) => chat.users.get(message.senderId)?.displayName ?? "…");
  const Icon = kind === "reply" ? Reply : Pencil;
  return (
    <div className="mb-1 flex min-w-0 items-center gap-2 rounded-medium bg-accent-wash py-0.5 pl-3 text-small">
      <Icon size={15} aria-hidden="true" className="shrink-0 text-accent" />
      <span className="shrink-0 font-semibold">{kind === "reply" ? `Reply to ${name}` : "Edit message"}</span>
      <span dir="auto" className="min-w-0 flex-1 truncate text-soft">
        {snippetOf(message)}
      </span>
      <IconButton label={kind === "reply" ? "Do not reply" : "Stop editing"} className="size-8" onClick={onCancel}>
        <X size={16} />
      </IconButton>
    </div>
  );
}
