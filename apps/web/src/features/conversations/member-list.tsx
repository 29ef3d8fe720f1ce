import type { ConversationState, KnownMember, Users } from "@hubbub/client";
import { limits, type User, type UserId } from "@hubbub/contract";
import { UserPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { PresenceDot } from "../../ui/presence-dot.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useAction, useChat, useChatStore, usePresence } from "../chat/index.ts";
import { PeoplePicker, useShowProfile } from "../people/index.ts";
import { MemberActions } from "./member-actions.tsx";
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

interface MemberItemProps {
  readonly member: KnownMember;
  readonly state: ConversationState;
}

function MemberItem({ member: { userId, role }, state }: MemberItemProps) {
  const ownId = useChat((chat) => chat.ownId);
  const user = useChat((chat) => chat.users.get(userId));
  const status = usePresence(userId);
  const show = useShowProfile();
  const { conversation } = state;
  const name = user?.displayName ?? "…";
  return (
    <li>
      <div className="flex min-h-11 items-center gap-3">
        <button
          type="button"
          onClick={() => show(userId)}
          className="-mx-1.5 flex min-h-10 min-w-0 flex-1 items-center gap-3 rounded-medium px-1.5 text-left hover:bg-hover"
        >
          <span className="relative inline-flex shrink-0">
            <Avatar name={name} colorKey={userId} size="small" />
            <PresenceDot presence={status?.presence} />
          </span>
          <span className="min-w-0 flex-1 truncate text-small">
            {name}
            {userId === ownId && <span className="text-faint"> (you)</span>}
          </span>
        </button>
        {role !== "member" && <span className="text-caption text-faint">{role === "owner" ? "Owner" : "Admin"}</span>}
        <MemberActions member={{ userId, role }} name={name} conversation={conversation} />
      </div>
    </li>
  );
}

function AddPeople({ state, onClose }: { readonly state: ConversationState; readonly onClose: () => void }) {
  const store = useChatStore();
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const { run, isBusy, failure } = useAction(async (ids: readonly UserId[]) => {
    await store.addMembers(state.conversation.id, ids);
    onClose();
  });
  const toggle = (user: User): void => {
    const others = chosen.filter(({ id }) => id !== user.id);
    setChosen(others.length === chosen.length ? [...chosen, user] : others);
  };
  return (
    <Dialog title="Add people" isOpen onClose={onClose}>
      {failure !== undefined && (
        <div className="my-3">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
      <PeoplePicker chosen={chosen} onToggle={toggle} exclude={(id) => state.members?.has(id) ?? false} />
      <Button
        look="primary"
        className="mt-4"
        isBusy={isBusy}
        disabled={chosen.length === 0}
        onClick={() => run(chosen.map(({ id }) => id))}
      >
        {chosen.length < 2 ? "Add" : `Add ${chosen.length} people`}
      </Button>
    </Dialog>
  );
}
