import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazySettingsDialog = lazy(() =>
  import("./settings-dialog.tsx").then(({ SettingsDialog }) => ({ default: SettingsDialog })),
);
