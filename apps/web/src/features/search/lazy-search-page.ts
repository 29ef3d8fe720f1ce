import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazySearchPage = lazy(() =>
  import("./search-page.tsx").then(({ SearchPage }) => ({ default: SearchPage })),
);
