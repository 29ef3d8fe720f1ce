import { expect, test } from "bun:test";
import { newConversationId, newMediaId } from "@hubbub/contract";
import { nextUploadState, type UploadEvent, type UploadState } from "./upload-state.ts";

const media = {
  ...{ id: newMediaId(newConversationId()), fileName: "a.png", contentType: "image/png", size: 3 },
  ...{ state: "active" as const, createdAt: "2026-01-01T00:00:00Z" },
};
const begun: UploadState = { status: "sending", sent: 0 };
const events: readonly UploadEvent[] = [
  { kind: "sent", sent: 0.5 },
  { kind: "stored" },
  { kind: "active", media },
  { kind: "refused", failure: "no" },
  { kind: "retry" },
  { kind: "cancel" },
];
const states: readonly UploadState[] = [
  begun,
  { status: "checking" },
  { status: "ready", media },
  { status: "failed", failure: "no" },
  { status: "cancelled" },
];

test("every event in every state leads where the table says, and what comes late changes nothing", () => {
  const table = Object.fromEntries(
    states.map((state) => [state.status, events.map((event) => nextUploadState(state, event).status).join(" ")]),
  );
  expect(table).toEqual({
    // sent stored active refused retry cancel
    sending: "sending checking sending failed sending cancelled",
    checking: "checking checking ready failed checking cancelled",
    ready: "ready ready ready ready ready cancelled",
    failed: "failed failed failed failed sending cancelled",
    cancelled: "cancelled cancelled cancelled cancelled cancelled cancelled",
  });
});

test("what has left never gets less, until it is begun again", () => {
  const half = nextUploadState(begun, { kind: "sent", sent: 0.5 });
  expect(nextUploadState(half, { kind: "sent", sent: 0.4 })).toBe(half);
  const failed = nextUploadState(half, { kind: "refused", failure: "no" });
  expect(nextUploadState(failed, { kind: "retry" })).toEqual(begun);
});
