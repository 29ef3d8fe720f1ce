import type { Media } from "@hubbub/contract";

/** How far an upload is. Each but `ready` and `cancelled` can still change. */
export type UploadState =
  /** How much of it has left, from 0 to 1. */
  | { readonly status: "sending"; readonly sent: number }
  /** They are there, and the server looks into them. */
  | { readonly status: "checking" }
  /** A message can refer to it. */
  | { readonly status: "ready"; readonly media: Media }
  | { readonly status: "failed"; readonly failure: string }
  | { readonly status: "cancelled" };

export type UploadEvent =
  | { readonly kind: "sent"; readonly sent: number }
  | { readonly kind: "stored" }
  | { readonly kind: "active"; readonly media: Media }
  | { readonly kind: "refused"; readonly failure: string }
  | { readonly kind: "retry" }
  | { readonly kind: "cancel" };

/** All transitions; an event that a state does not know is late, and changes nothing. */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState {
  switch (state.status) {
    case "sending":
      if (event.kind === "sent") return event.sent > state.sent ? { status: "sending", sent: event.sent } : state;
      if (event.kind === "stored") return { status: "checking" };
      return ended(state, event);
    case "checking":
      return event.kind === "active" ? { status: "ready", media: event.media } : ended(state, event);
    case "failed":
      if (event.kind === "retry") return { status: "sending", sent: 0 };
      return event.kind === "cancel" ? { status: "cancelled" } : state;
    case "ready":
      return event.kind === "cancel" ? { status: "cancelled" } : state;
    case "cancelled":
      return state;
    default:
      return state satisfies never;
  }
}

function ended(state: UploadState, event: UploadEvent): UploadState {
  if (event.kind === "refused") return { status: "failed", failure: event.failure };
  return event.kind === "cancel" ? { status: "cancelled" } : state;
}
