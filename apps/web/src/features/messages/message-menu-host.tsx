import type { Conversation } from "@hubbub/contract";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { LazyMessageMenu } from "./lazy-message-menu.ts";
import { MessageMenuContext, type OpenMessageMenu } from "./message-menu-context.ts";
import { type MessageView, MessageViewContext } from "./message-view-context.ts";

const EditHistoryDialog = lazy(() =>
  import("./edit-history-dialog.tsx").then(({ EditHistoryDialog: component }) => ({ default: component })),
);
const EmojiDialog = lazy(() =>
  import("./emoji-dialog.tsx").then(({ EmojiDialog: component }) => ({ default: component })),
);
const ForwardDialog = lazy(() =>
  import("./forward-dialog.tsx").then(({ ForwardDialog: component }) => ({ default: component })),
);
const ReactionsDialog = lazy(() =>
  import("./reactions-dialog.tsx").then(({ ReactionsDialog: component }) => ({ default: component })),
);

interface MessageMenuHostProps {
  readonly conversation: Conversation;
  readonly children: ReactNode;
}

/** Messages with one menu, and one dialog at a time, for all of them. */
export function MessageMenuHost({ conversation, children }: MessageMenuHostProps) {
  const [menu, setMenu] = useState<OpenMessageMenu>();
  const [view, setView] = useState<MessageView>();
  const closeMenu = useCallback(() => setMenu(undefined), []);
  const closeView = useCallback(() => setView(undefined), []);
  return (
    <MessageViewContext value={setView}>
      <MessageMenuContext value={setMenu}>{children}</MessageMenuContext>
      <Suspense>
        {menu !== undefined && <LazyMessageMenu {...menu} conversation={conversation} onClose={closeMenu} />}
        {view?.kind === "edits" && <EditHistoryDialog message={view.message} onClose={closeView} />}
        {view?.kind === "forward" && <ForwardDialog message={view.message} onClose={closeView} />}
        {view?.kind === "reactions" && (
          <ReactionsDialog message={view.message} emoji={view.emoji} onClose={closeView} />
        )}
        {view?.kind === "emoji" && <EmojiDialog message={view.message} onClose={closeView} />}
      </Suspense>
    </MessageViewContext>
  );
}
