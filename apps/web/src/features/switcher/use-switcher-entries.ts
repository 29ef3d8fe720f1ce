import type { Conversation, PublicConversation, User } from "@hubbub/contract";
import { useDeferredValue, useMemo } from "react";
import { useSession } from "../auth/index.ts";
import { useChat, useLoaded } from "../chat/index.ts";
import { listed, titleOf } from "../conversations/index.ts";
import { usePeopleSearch } from "../people/index.ts";
import { matchScore } from "./match-score.ts";
import type { SwitcherAction, SwitcherEntry } from "./switcher-entry.ts";

/** Shown of each kind. */
const most = { conversation: 8, person: 5, channel: 5 } as const;

/** Where one can go and what one can do, the best answer to what is typed first. */
export function useSwitcherEntries(typed: string, actions: readonly SwitcherAction[]): readonly SwitcherEntry[] {
  const wanted = useDeferredValue(typed.trim());
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const people = usePeopleSearch(wanted);
  const channels = usePublicChannels(wanted);
  return useMemo(() => {
    const { shown, archived } = listed(conversations, ownId, "");
    const known = [...shown, ...archived].map(
      ({ conversation }): SwitcherEntry => ({ kind: "conversation", key: conversation.id, conversation }),
    );
    const peers = new Set(shown.map(({ conversation }) => conversation.peer?.id));
    const others: readonly User[] = wanted !== "" && people.status === "found" ? people.people : [];
    const strangers = others
      .filter(({ id }) => !peers.has(id))
      .map((user): SwitcherEntry => ({ kind: "person", key: user.id, user }));
    const joinable = channels
      .filter(({ id }) => !conversations.has(id))
      .map((channel): SwitcherEntry => ({ kind: "channel", key: channel.id, channel }));
    const nameOf = (entry: SwitcherEntry): string => namesOf(entry, (each) => titleOf(each, ownId));
    const matching = actions.map((action): SwitcherEntry => ({ kind: "action", key: action.name, action }));
    const search: SwitcherEntry[] = wanted === "" ? [] : [{ kind: "search", key: "search", text: wanted }];
    return [
      ...best(known, wanted, nameOf).slice(0, most.conversation),
      // an answer to what was typed before may still be shown: of it only what answers this as well
      ...best(strangers, wanted, nameOf).slice(0, most.person),
      ...best(joinable, wanted, nameOf).slice(0, most.channel),
      ...best(matching, wanted, nameOf),
      ...search,
    ];
  }, [conversations, ownId, people, channels, wanted, actions]);
}

function namesOf(entry: SwitcherEntry, titleFor: (of: Conversation) => string): string {
  switch (entry.kind) {
    case "conversation": {
      const { peer } = entry.conversation;
      return peer === undefined ? titleFor(entry.conversation) : `${titleFor(entry.conversation)} ${peer.username}`;
    }
    case "person":
      return `${entry.user.displayName} ${entry.user.username}`;
    case "channel":
      return `${entry.channel.title ?? ""} ${entry.channel.topic ?? ""}`;
    case "action":
      return entry.action.name;
    case "search":
      return entry.text;
    default:
      return entry satisfies never;
  }
}

/** Those that answer, the best first; equal ones stay in their order. */
function best(
  entries: readonly SwitcherEntry[],
  wanted: string,
  nameOf: (entry: SwitcherEntry) => string,
): readonly SwitcherEntry[] {
  return entries
    .flatMap((entry) => {
      const score = matchScore(wanted, nameOf(entry));
      return score === undefined ? [] : [{ entry, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

const none: readonly PublicConversation[] = [];

/** Public channels that are called so; the switcher goes on without them where they cannot be read. */
function usePublicChannels(wanted: string): readonly PublicConversation[] {
  const { api } = useSession();
  const { loaded } = useLoaded(
    async () =>
      wanted === "" ? none : (await api.call("listPublicConversations", { limit: 10, query: wanted })).items,
    [api, wanted],
  );
  return loaded.status === "ready" ? loaded.value : none;
}
