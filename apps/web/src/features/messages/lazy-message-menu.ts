import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazyMessageMenu = lazy(() =>
  import("./message-menu.tsx").then(({ MessageMenu }) => ({ default: MessageMenu })),
);
