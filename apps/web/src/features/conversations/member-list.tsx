import type { ConversationState, KnownMember, Users } from "@hubbub/client";
import { limits } from "@hubbub/contract";
import { UserPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { AddPeople } from "./add-people.tsx";
import { MemberItem } from "./member-item.tsx";
import { MemberSearch } from "./member-search.tsx";
import { mayManage, memberCountOf } from "./summary.ts";

/** Members shown at first; the rest on demand. */
const shownAtFirst = 100;

export function MemberList({ state }: { readonly state: ConversationState }) {
  const store = useChatStore();
  const users = useChat((chat) => chat.users);
  const [isAdding, setAdding] = useState(false);
  const [shown, setShown] = useState(shownAtFirst);
  const { conversation, members } = state;
  const isListable = conversation.memberCount <= limits.groupMembers;
  const loading = useAction(() => store.loadMembers(conversation.id));
  const { run: load } = loading;
  const mustLoad = members === undefined && isListable;
  // biome-ignore lint/correctness/useExhaustiveDependencies: to load again is decided by whether they are known alone
  useEffect(() => {
    if (mustLoad) load();
  }, [mustLoad]);
  const sorted = members === undefined ? [] : sortMembers(members.values(), users);
  return (
    <section aria-label="Members">
      <div className="mb-1 flex items-center">
        <h3 className="flex-1 font-medium text-small">{memberCountOf(conversation)}</h3>
        {mayManage(conversation) && (
          <IconButton label="Add people" onClick={() => setAdding(true)}>
            <UserPlus size={18} />
          </IconButton>
        )}
      </div>
      {loading.isBusy && members === undefined && (
        <p role="status" className="flex items-center gap-2 py-2 text-small text-soft">
          <Spinner /> Loading members…
        </p>
      )}
      {loading.failure !== undefined && <ErrorNotice>{loading.failure}</ErrorNotice>}
      {!isListable && <MemberSearch state={state} />}
      <ul>
        {sorted.slice(0, shown).map((member) => (
          <MemberItem key={member.userId} member={member} state={state} />
        ))}
      </ul>
      {sorted.length > shown && (
        <Button look="quiet" onClick={() => setShown(sorted.length)}>
          Show all {sorted.length.toLocaleString()}
        </Button>
      )}
      {isAdding && <AddPeople state={state} onClose={() => setAdding(false)} />}
    </section>
  );
}

const rank = { owner: 0, admin: 1, member: 2 } as const;

function sortMembers(members: Iterable<KnownMember>, users: Users): readonly KnownMember[] {
  const nameOf = ({ userId }: KnownMember): string => users.get(userId)?.displayName ?? "";
  return [...members].sort((a, b) => rank[a.role] - rank[b.role] || nameOf(a).localeCompare(nameOf(b)));
}
