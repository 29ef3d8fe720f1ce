import type { Conversation } from "@hubbub/contract";
import { type ReactNode, Suspense, useCallback, useState } from "react";
import { LazyMessageMenu } from "./lazy-message-menu.ts";
import { MessageMenuContext, type OpenMessageMenu } from "./message-menu-context.ts";

interface MessageMenuHostProps {
  readonly conversation: Conversation;
  readonly children: ReactNode;
}

/** Messages with one menu for all of them. */
export function MessageMenuHost({ conversation, children }: MessageMenuHostProps) {
  const [menu, setMenu] = useState<OpenMessageMenu>();
  const close = useCallback(() => setMenu(undefined), []);
  return (
    <MessageMenuContext value={setMenu}>
      {children}
      {menu !== undefined && (
        <Suspense>
          <LazyMessageMenu {...menu} conversation={conversation} onClose={close} />
        </Suspense>
      )}
    </MessageMenuContext>
  );
}
