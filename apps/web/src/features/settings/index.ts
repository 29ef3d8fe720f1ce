export { LazySettingsDialog } from "./lazy-settings-dialog.ts";
