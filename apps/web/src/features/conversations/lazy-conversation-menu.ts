import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazyConversationMenu = lazy(() =>
  import("./conversation-menu.tsx").then(({ ConversationMenu }) => ({ default: ConversationMenu })),
);
