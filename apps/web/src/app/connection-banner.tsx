import type { ChatSnapshot } from "@hubbub/client";
import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useChat, useChatStore } from "../features/conversations/index.ts";

/** Shorter losses are not worth a word, milliseconds. */
const patience = 1_200;

function countWaiting({ conversations }: ChatSnapshot): number {
  let count = 0;
  for (const { pending } of conversations.values()) {
    for (const { status } of pending) if (status === "sending") count++;
  }
  return count;
}

function waitingText(count: number, isKept: boolean): string {
  if (count === 0) return "What you write is sent afterwards.";
  const waiting = count === 1 ? "1 message waits." : `${count} messages wait.`;
  return isKept ? waiting : `${waiting} Keep this window open: the browser stores nothing.`;
}

/** Says that the connection is lost, once it has been for a while. */
export function ConnectionBanner() {
  const store = useChatStore();
  const { status } = useChat((chat) => chat.connection);
  const waiting = useChat(countWaiting);
  const isKept = useChat((chat) => chat.isKept);
  const isLost = status === "offline" || status === "connecting";
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) return setShown(false);
    const timer = setTimeout(() => setShown(true), patience);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status" className="shrink-0">
      {isShown && (
        <p className="flex animate-arrive items-center justify-center gap-2 bg-notice-wash px-4 py-1.5 text-notice text-small">
          <WifiOff size={15} aria-hidden="true" />
          Reconnecting…
          <span className={waiting === 0 ? "max-sm:hidden" : undefined}>{waitingText(waiting, isKept)}</span>
          <button
            type="button"
            onClick={() => store.reconnect()}
            className="rounded-small px-1 font-medium underline underline-offset-2"
          >
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
