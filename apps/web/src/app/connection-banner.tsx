import type { ChatSnapshot } from "@hubbub/client";
import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useChat, useChatStore } from "../features/conversations/index.ts";

/** Shorter losses are not worth a word, milliseconds. */
const patience = 1_200;

function countWaiting(what: "pending" | "changing") {
  return ({ conversations }: ChatSnapshot): number => {
    let count = 0;
    for (const state of conversations.values()) for (const { status } of state[what]) if (status === "sending") count++;
    return count;
  };
}
const countMessages = countWaiting("pending");
const countChanges = countWaiting("changing");

function waitingText(messages: number, changes: number, isKept: boolean): string {
  if (messages + changes === 0) return "What you write is sent afterwards.";
  const waiting = `${[countOf(messages, "message"), countOf(changes, "change")].filter(Boolean).join(" and ")} ${messages + changes === 1 ? "waits" : "wait"}.`;
  return isKept ? waiting : `${waiting} Keep this window open: the browser stores nothing.`;
}

function countOf(count: number, what: string): string {
  if (count === 0) return "";
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Says that the connection is lost, once it has been for a while. */
export function ConnectionBanner() {
  const store = useChatStore();
  const { status } = useChat((chat) => chat.connection);
  const messages = useChat(countMessages);
  const changes = useChat(countChanges);
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
          <span className={messages + changes === 0 ? "max-sm:hidden" : undefined}>
            {waitingText(messages, changes, isKept)}
          </span>
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
