import { lazy } from "react";

/** Is loaded when it is opened first. */
export const LazySwitcher = lazy(() => import("./switcher.tsx").then(({ Switcher }) => ({ default: Switcher })));
