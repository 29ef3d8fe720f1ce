export { LazySwitcher } from "./lazy-switcher.ts";
export type { SwitcherAction } from "./switcher-entry.ts";
export { useSwitcherShortcut } from "./use-shortcut.ts";
