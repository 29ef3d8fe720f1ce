import type { ConversationState } from "@hubbub/client";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { titleOf, useChat } from "../conversations/index.ts";
import type { HistoryLoad } from "./history-load.ts";

/** Room above the oldest message, for what is said there; pixels. */
export const headRoom = 88;
/** Room below the last one where later ones are to come; pixels. */
export const tailRoom = 56;

interface HistoryHeadProps {
  readonly state: ConversationState;
  readonly earlier: HistoryLoad;
}

export function HistoryHead({ state, earlier }: HistoryHeadProps) {
  const ownId = useChat((chat) => chat.ownId);
  return (
    <div className="absolute inset-x-0 top-0 flex items-end px-4 pb-3 md:px-5" style={{ height: headRoom }}>
      {state.history === "complete" && (
        <p className="text-small text-soft">
          This is where <strong className="font-semibold text-ink">{titleOf(state.conversation, ownId)}</strong> begins.
        </p>
      )}
      <Loading load={earlier}>Earlier messages…</Loading>
    </div>
  );
}

export function HistoryTail({ later }: { readonly later: HistoryLoad }) {
  return (
    <div className="absolute inset-x-0 bottom-0 flex items-center px-4 md:px-5" style={{ height: tailRoom }}>
      <Loading load={later}>Later messages…</Loading>
    </div>
  );
}

function Loading({ load, children }: { readonly load: HistoryLoad; readonly children: string }) {
  if (load.failure !== undefined)
    return (
      <p className="flex items-center gap-3 text-danger text-small">
        {load.failure}
        <Button onClick={load.load}>Try again</Button>
      </p>
    );
  if (!load.isLoading) return null;
  return (
    <p className="flex items-center gap-2 text-small text-soft">
      <Spinner /> {children}
    </p>
  );
}
