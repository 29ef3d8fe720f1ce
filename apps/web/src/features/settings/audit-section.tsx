import type { AuditEntry, User, UserId } from "@hubbub/contract";
import { useCallback, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { formatFull } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

interface Found {
  readonly items: readonly AuditEntry[];
  readonly users: ReadonlyMap<UserId, User>;
  readonly nextCursor: string | null;
}

/** What those who run the server did, the newest first. */
export function AuditSection() {
  const { api } = useSession();
  const [found, setFound] = useState<Found>();
  const read = useCallback(
    async (after?: Found) => {
      const cursor = after?.nextCursor ?? undefined;
      const page = await api.call("listAudit", cursor === undefined ? {} : { cursor });
      const ids = new Set(page.items.flatMap(({ by, userId }) => (userId === undefined ? [by] : [by, userId])));
      const { items: people } = ids.size === 0 ? { items: [] } : await api.call("listUsers", { ids: [...ids] });
      setFound({
        items: [...(after?.items ?? []), ...page.items],
        users: new Map([...(after?.users ?? []), ...people.map((user) => [user.id, user] as const)]),
        nextCursor: page.nextCursor,
      });
    },
    [api],
  );
  const { run, isBusy, failure } = useAction(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when it is opened
  useEffect(() => run(), []);
  return (
    <div className="flex flex-col gap-4">
      {failure !== undefined && (
        <div className="flex flex-col items-start gap-2">
          <ErrorNotice>{failure}</ErrorNotice>
          <Button onClick={() => run(found)}>Try again</Button>
        </div>
      )}
      {found === undefined && failure === undefined && <Loading />}
      {found?.items.length === 0 && <p className="text-small text-soft">No admin has done anything yet.</p>}
      {found !== undefined && found.items.length > 0 && (
        <ol aria-label="What admins did" className="divide-y divide-line">
          {found.items.map((entry) => (
            <li key={entry.id} className="flex flex-col py-2.5">
              <span className="text-small [overflow-wrap:anywhere]">{sentenceOf(entry, found.users)}</span>
              <time dateTime={entry.createdAt} className="text-caption text-faint tabular-nums">
                {formatFull(new Date(entry.createdAt))}
              </time>
            </li>
          ))}
        </ol>
      )}
      {found?.nextCursor != null && (
        <Button className="self-start" isBusy={isBusy} onClick={() => run(found)}>
          Show more
        </Button>
      )}
    </div>
  );
}

function sentenceOf({ action, by, userId, subject }: AuditEntry, users: Found["users"]): string {
  const nameOf = (id: UserId | undefined): string => {
    const user = id === undefined ? undefined : users.get(id);
    if (user === undefined) return "Someone";
    return user.isDeleted === true ? "a deleted account" : `@${user.username}`;
  };
  const [admin, person] = [users.get(by)?.displayName ?? "Someone", nameOf(userId)];
  switch (action) {
    case "accountSuspended":
      return `${admin} suspended ${person}`;
    case "accountLetInAgain":
      return `${admin} let ${person} in again`;
    case "adminMade":
      return `${admin} made ${person} an admin`;
    case "adminUnmade":
      return `${admin} made ${person} no admin`;
    case "accountDeleted":
      return `${admin} deleted an account`;
    case "deadLetterRequeued":
      return `${admin} gave the event ${subject} another try`;
    case "jobRun":
      return `${admin} ran the job ${subject}`;
    default:
      return action satisfies never;
  }
}
