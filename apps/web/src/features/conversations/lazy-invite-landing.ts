import { lazy } from "react";

/** Is loaded when a link into a conversation is followed. */
export const LazyInviteLanding = lazy(() =>
  import("./invite-landing.tsx").then(({ InviteLanding }) => ({ default: InviteLanding })),
);
