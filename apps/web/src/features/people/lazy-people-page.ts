import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazyPeoplePage = lazy(() =>
  import("./people-page.tsx").then(({ PeoplePage }) => ({ default: PeoplePage })),
);
