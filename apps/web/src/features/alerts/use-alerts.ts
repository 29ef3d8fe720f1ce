import type { ConversationId } from "@hubbub/contract";
import { useEffect } from "react";
import { navigate } from "../../ui/navigation.tsx";
import { parseConversationPath, useChat, useChatStore } from "../chat/index.ts";
import { countTotal } from "../conversations/index.ts";
import { DesktopAlerts } from "./desktop-alerts.ts";
import { useWatched } from "./watched.ts";

/** Alerts of what others write, and a badge on the app's icon, for as long as somebody is signed in. */
export function useAlerts(shown: ConversationId | undefined): void {
  const store = useChatStore();
  useWatched(shown);
  useEffect(() => {
    if (!("locks" in navigator && "serviceWorker" in navigator)) return;
    const alerts = new DesktopAlerts(store);
    void alerts.start();
    const open = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === "string" && parseConversationPath(data) !== undefined) navigate(data);
    };
    navigator.serviceWorker.addEventListener("message", open);
    return () => {
      navigator.serviceWorker.removeEventListener("message", open);
      alerts.stop();
    };
  }, [store]);
  useAppBadge();
}

function useAppBadge(): void {
  const waiting = useChat(({ conversations }) => countTotal(conversations, new Date()));
  useEffect(() => {
    if (!("setAppBadge" in navigator)) return;
    // refused where the page is not installed, as some browsers do
    void navigator.setAppBadge(waiting).catch(() => undefined);
    return () => void navigator.clearAppBadge().catch(() => undefined);
  }, [waiting]);
}
