import type { UserId } from "@hubbub/contract";
import { Inbox } from "lucide-react";
import { type ComponentType, useId, useMemo } from "react";
import { Button } from "../../ui/button.tsx";
import { EmptyState, ErrorNotice } from "../../ui/notice.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { friendsOf } from "./friends-of.ts";
import { PersonRow } from "./person-row.tsx";
import { refusalText } from "./refusal.ts";

export function RequestList() {
  const people = useChat((chat) => chat.people);
  const users = useChat((chat) => chat.users);
  const incoming = useMemo(() => friendsOf(people, "incoming", users), [people, users]);
  const outgoing = useMemo(() => friendsOf(people, "outgoing", users), [people, users]);
  if (incoming.length + outgoing.length === 0)
    return (
      <EmptyState icon={<Inbox size={32} />} title="No requests">
        <p className="max-w-80 text-small text-soft">Who asks to be your friend, and whom you ask, is listed here.</p>
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-6">
      <Requests title="They ask you" ids={incoming} Item={Incoming} />
      <Requests title="You ask them" ids={outgoing} Item={Outgoing} />
    </div>
  );
}

interface RequestsProps {
  readonly title: string;
  readonly ids: readonly UserId[];
  readonly Item: ComponentType<{ readonly id: UserId }>;
}

/** Nothing, where there are none. */
function Requests({ title, ids, Item }: RequestsProps) {
  const titleId = useId();
  if (ids.length === 0) return null;
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="mb-1 font-medium text-caption text-faint">
        {title}
      </h2>
      <ul>
        {ids.map((id) => (
          <Item key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function Incoming({ id }: { readonly id: UserId }) {
  const store = useChatStore();
  const name = useChat((chat) => chat.users.get(id)?.displayName ?? "…");
  const handle = useChat((chat) => chat.users.get(id)?.username ?? "…");
  const answer = useAction((status: "accepted" | "declined") => store.people.answerRequest(id, status), refusalText);
  return (
    <PersonRow id={id} about={`@${handle}`}>
      <Button
        look="primary"
        aria-label={`Accept ${name}`}
        disabled={answer.isBusy}
        onClick={() => answer.run("accepted")}
      >
        Accept
      </Button>
      <Button aria-label={`Decline ${name}`} disabled={answer.isBusy} onClick={() => answer.run("declined")}>
        Decline
      </Button>
      <Failure text={answer.failure} />
    </PersonRow>
  );
}

function Outgoing({ id }: { readonly id: UserId }) {
  const store = useChatStore();
  const name = useChat((chat) => chat.users.get(id)?.displayName ?? "…");
  const handle = useChat((chat) => chat.users.get(id)?.username ?? "…");
  const { run, isBusy, failure } = useAction(() => store.people.removeFriend(id), refusalText);
  return (
    <PersonRow id={id} about={`@${handle}`}>
      <Button aria-label={`Withdraw the request to ${name}`} isBusy={isBusy} onClick={() => run()}>
        Withdraw
      </Button>
      <Failure text={failure} />
    </PersonRow>
  );
}

function Failure({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div className="w-full">
      <ErrorNotice>{text}</ErrorNotice>
    </div>
  );
}
