import {
  type ConversationId,
  limits,
  type Message,
  newClientMessageId,
  type User,
  type UserId,
} from "@hubbub/contract";
import { Check } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useSession } from "../auth/index.ts";
import { PersonAvatar } from "../avatars/index.ts";
import {
  ConversationAvatar,
  listed,
  mayPost,
  plainTextOf,
  titleOf,
  useAction,
  useChat,
  useChatStore,
} from "../conversations/index.ts";
import { gist } from "../media/index.ts";
import { usePeopleSearch } from "../people/index.ts";

/** Conversations offered at once; others are found by their names. */
const mostShown = 50;

interface ForwardDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Chooses to whom a message goes on. */
export function ForwardDialog({ message, onClose }: ForwardDialogProps) {
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const [conversations, setConversations] = useState<ReadonlySet<ConversationId>>(new Set());
  const [people, setPeople] = useState<ReadonlySet<UserId>>(new Set());
  const forward = useForward(message, onClose);
  const count = conversations.size + people.size;
  const isFull = count >= limits.forwardConversations;
  const { known, strangers } = useTargets(query);
  return (
    <Dialog title="Forward to" isOpen onClose={onClose}>
      <p dir="auto" className="mt-1 line-clamp-2 border-edge border-l-2 pl-2 text-small text-soft">
        {gist(plainTextOf(message.text ?? ""), message.media)}
      </p>
      <TextField
        className="mt-3"
        label="To"
        type="search"
        placeholder="Conversation or person"
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {forward.failure !== undefined && (
        <div className="mt-3">
          <ErrorNotice>{forward.failure}</ErrorNotice>
        </div>
      )}
      <ul aria-label="Targets" className="mt-2 max-h-72 min-h-40 flex-1 overflow-y-auto">
        {known.map(({ conversation, title }) => (
          <Target
            key={conversation.id}
            icon={<ConversationAvatar conversation={conversation} size="medium" />}
            name={title}
            isChosen={conversations.has(conversation.id)}
            isDisabled={isFull}
            onToggle={() => setConversations(toggled(conversations, conversation.id))}
          />
        ))}
        {strangers.map((person) => (
          <Target
            key={person.id}
            icon={<PersonAvatar id={person.id} known={person} />}
            name={person.displayName}
            about={`@${person.username}`}
            isChosen={people.has(person.id)}
            isDisabled={isFull}
            onToggle={() => setPeople(toggled(people, person.id))}
          />
        ))}
        {known.length + strangers.length === 0 && (
          <li className="px-2 py-3 text-small text-soft">Nobody and nothing is called “{query}”.</li>
        )}
      </ul>
      <Button
        look="primary"
        className="mt-4"
        isBusy={forward.isBusy}
        disabled={count === 0}
        onClick={() => forward.run([...conversations], [...people])}
      >
        {count < 2 ? "Forward" : `Forward to ${count}`}
      </Button>
    </Dialog>
  );
}

function toggled<Id>(ids: ReadonlySet<Id>, id: Id): ReadonlySet<Id> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Where one may write, and people with whom one has not yet talked. */
function useTargets(query: string) {
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const search = usePeopleSearch(query);
  const { shown, archived } = listed(conversations, ownId, query);
  const known = [...shown, ...archived]
    .filter(({ conversation }) => mayPost(conversation))
    .slice(0, mostShown)
    .map(({ conversation }) => ({ conversation, title: titleOf(conversation, ownId) }));
  const peers = new Set([...conversations.values()].map(({ conversation }) => conversation.peer?.id));
  const found: readonly User[] = query !== "" && search.status === "found" ? search.people : [];
  return { known, strangers: found.filter(({ id }) => id !== ownId && !peers.has(id)) };
}

/** Sends it on, once, however often it has to be tried. */
function useForward(message: Message, onDone: () => void) {
  const store = useChatStore();
  const { api } = useSession();
  const [clientMessageId] = useState(newClientMessageId);
  return useAction(async (conversations: readonly ConversationId[], people: readonly UserId[]) => {
    const begun: ConversationId[] = [];
    for (const id of people) begun.push((await store.createConversation({ type: "direct", memberIds: [id] })).id);
    const conversationIds = [...conversations, ...begun];
    await api.call("forwardMessage", { messageId: message.id, conversationIds, clientMessageId });
    onDone();
  });
}

interface TargetProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly about?: string;
  readonly isChosen: boolean;
  /** No more can be chosen. */
  readonly isDisabled: boolean;
  readonly onToggle: () => void;
}

function Target({ icon, name, about, isChosen, isDisabled, onToggle }: TargetProps) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        disabled={isDisabled && !isChosen}
        onClick={onToggle}
        className="-outline-offset-2 flex min-h-12 w-full items-center gap-3 rounded-medium px-2 text-left hover:bg-hover disabled:opacity-55"
      >
        {icon}
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-small">{name}</span>
          {about !== undefined && <span className="block truncate text-caption text-faint">{about}</span>}
        </span>
        {isChosen && <Check size={18} className="shrink-0 text-accent" />}
      </button>
    </li>
  );
}
