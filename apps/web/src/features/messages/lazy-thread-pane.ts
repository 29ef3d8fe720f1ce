import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazyThreadPane = lazy(() =>
  import("./thread-pane.tsx").then(({ ThreadPane }) => ({ default: ThreadPane })),
);
