import type { ForwardedFrom } from "@hubbub/contract";
import { Forward } from "lucide-react";
import { useEffect } from "react";
import { formatFull } from "../../ui/dates.ts";
import { hueOf } from "../../ui/hue.ts";
import { useChat, useChatStore } from "../conversations/index.ts";

/** Whose words they are. */
export function ForwardedLine({ from: { senderId, createdAt } }: { readonly from: ForwardedFrom }) {
  const store = useChatStore();
  const name = useChat((chat) => chat.users.get(senderId)?.displayName ?? "…");
  useEffect(() => store.want([senderId]), [store, senderId]);
  return (
    <p title={formatFull(new Date(createdAt))} className="flex min-w-0 items-center gap-1.5 text-small text-soft">
      <Forward size={14} aria-hidden="true" className="shrink-0" />
      <span className="truncate">
        Forwarded from{" "}
        <span data-hue={hueOf(senderId)} className="tinted-name font-semibold">
          {name}
        </span>
      </span>
    </p>
  );
}
