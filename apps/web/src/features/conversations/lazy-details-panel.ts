import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazyDetailsPanel = lazy(() =>
  import("./details-panel.tsx").then(({ DetailsPanel }) => ({ default: DetailsPanel })),
);
