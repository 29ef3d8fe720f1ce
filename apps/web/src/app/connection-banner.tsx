import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useChat, useChatStore } from "../features/conversations/index.ts";

/** Shorter losses are not worth a word, milliseconds. */
const patience = 1_200;

/** Says that the connection is lost, once it has been for a while. */
export function ConnectionBanner() {
  const store = useChatStore();
  const { status } = useChat((chat) => chat.connection);
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
          <span className="max-sm:hidden">What you write is sent afterwards.</span>
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
