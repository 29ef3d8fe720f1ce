export { LazySettingsDialog } from "./lazy-settings-dialog.ts";
export { readLinkOutcome } from "./link-outcome.ts";
