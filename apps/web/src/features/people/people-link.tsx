import type { ChatSnapshot } from "@hubbub/client";
import { UsersRound } from "lucide-react";
import { classNames } from "../../ui/class-names.ts";
import { Link, usePath } from "../../ui/navigation.tsx";
import { useChat } from "../chat/index.ts";
import { parsePeoplePath, peoplePath } from "./people-path.ts";

export function countIncoming({ people }: ChatSnapshot): number {
  let count = 0;
  for (const { status } of people?.friends.values() ?? []) if (status === "incoming") count++;
  return count;
}

/** The way to friends and requests; who waits for an answer is counted at it. */
export function PeopleLink() {
  const waiting = useChat(countIncoming);
  const isCurrent = parsePeoplePath(usePath()) !== undefined;
  return (
    <Link
      to={peoplePath(waiting > 0 ? "requests" : "friends")}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "mx-2 mb-1 flex min-h-10 shrink-0 items-center gap-3 rounded-medium px-2.5 font-medium text-small transition-colors duration-100",
        isCurrent ? "bg-accent-wash" : "text-soft hover:bg-hover hover:text-ink",
      )}
    >
      <span className="flex w-11 justify-center">
        <UsersRound size={19} aria-hidden="true" />
      </span>
      <span className="flex-1">People</span>
      <RequestCount count={waiting} />
    </Link>
  );
}

export function RequestCount({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center font-semibold text-caption text-on-accent leading-5 tabular-nums">
      {count > 99 ? "99+" : count}
      <span className="sr-only">{count === 1 ? " request waits" : " requests wait"}</span>
    </span>
  );
}
