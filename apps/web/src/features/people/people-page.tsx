import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { classNames } from "../../ui/class-names.ts";
import { useDocumentTitle } from "../../ui/document-title.ts";
import { Link } from "../../ui/navigation.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChat } from "../chat/index.ts";
import { AddFriend } from "./add-friend.tsx";
import { BlockedList } from "./blocked-list.tsx";
import { FriendList } from "./friend-list.tsx";
import { countIncoming, RequestCount } from "./people-link.tsx";
import { type PeopleSection, peoplePath, peopleSections } from "./people-path.ts";
import { RequestList } from "./request-list.tsx";

const labels: Readonly<Record<PeopleSection, string>> = {
  friends: "Friends",
  requests: "Requests",
  blocked: "Blocked",
  add: "Add a friend",
};

export function PeoplePage({ section }: { readonly section: PeopleSection }) {
  const waiting = useChat(countIncoming);
  const people = useChat((chat) => chat.people);
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle("People");
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-label="People" className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2.5 border-line border-b pr-2 pl-2 md:pl-5">
        <Link
          to="/"
          aria-label="Back to conversations"
          className="flex size-10 items-center justify-center rounded-medium text-soft hover:bg-hover md:hidden"
        >
          <ArrowLeft size={20} />
        </Link>
        <h1 ref={heading} tabIndex={-1} className="font-semibold outline-none">
          People
        </h1>
      </header>
      <nav aria-label="People" className="flex shrink-0 gap-1 overflow-x-auto border-line border-b px-2 md:px-3">
        {peopleSections.map((each) => (
          <Link
            key={each}
            to={peoplePath(each)}
            aria-current={each === section ? "page" : undefined}
            className={classNames(
              "-outline-offset-2 flex h-11 shrink-0 items-center gap-2 border-b-2 px-2 font-medium text-small",
              each === section ? "border-accent text-ink" : "border-transparent text-soft hover:text-ink",
            )}
          >
            {labels[each]}
            {each === "requests" && <RequestCount count={waiting} />}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="w-full max-w-2xl px-4 py-4 md:px-5">
          {people === undefined ? <Loading /> : contents[section]}
        </div>
      </div>
    </section>
  );
}

const contents: Readonly<Record<PeopleSection, ReactNode>> = {
  friends: <FriendList />,
  requests: <RequestList />,
  blocked: <BlockedList />,
  add: <AddFriend />,
};

function Loading() {
  return (
    <p role="status" className="flex items-center justify-center gap-3 py-8 text-soft">
      <Spinner /> Loading people…
    </p>
  );
}
