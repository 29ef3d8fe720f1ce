import type { Presence, UserId, UserStatus } from "@hubbub/contract";
import { useEffect } from "react";
import { formatBriefly } from "../../ui/dates.ts";
import { useChat, useChatStore } from "./use-chat.ts";

/** Someone's presence for as long as it is shown; undefined while it is not known. */
export function usePresence(id: UserId | undefined): UserStatus | undefined {
  const store = useChatStore();
  useEffect(() => (id === undefined ? undefined : store.watch([id])), [store, id]);
  return useChat(({ presence }) => (id === undefined ? undefined : presence.get(id)));
}

const words: Readonly<Record<Presence, string>> = {
  online: "Online",
  away: "Away",
  busy: "Busy",
  invisible: "Invisible",
  offline: "Offline",
};

/** In words: what they say of themselves, or when they were here last. */
export function presenceText({ presence, status, lastSeenAt }: UserStatus, now: Date): string {
  if (status !== undefined) return `${words[presence]} · ${status.text}`;
  if (presence !== "offline" || lastSeenAt === undefined) return words[presence];
  return `Last seen ${formatBriefly(new Date(lastSeenAt), now)}`;
}
