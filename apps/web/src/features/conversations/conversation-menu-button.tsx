import type { Conversation } from "@hubbub/contract";
import { EllipsisVertical } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { anchorAt, type MenuAnchor } from "../../ui/menu-anchor.ts";
import { LazyConversationMenu } from "./lazy-conversation-menu.ts";

export function ConversationMenuButton({ conversation }: { readonly conversation: Conversation }) {
  const [at, setAt] = useState<MenuAnchor>();
  return (
    <>
      <IconButton
        label="Conversation options"
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={({ currentTarget }) => setAt(anchorAt(currentTarget))}
      >
        <EllipsisVertical size={19} />
      </IconButton>
      {at !== undefined && (
        <Suspense>
          <LazyConversationMenu conversation={conversation} at={at} onClose={() => setAt(undefined)} />
        </Suspense>
      )}
    </>
  );
}
