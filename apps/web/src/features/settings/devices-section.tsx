import { HubbubError } from "@hubbub/client";
import { limits, type Session } from "@hubbub/contract";
import { LogOut, MonitorSmartphone } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { formatBriefly, formatFull } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

/** Where one is signed in. */
export function DevicesSection() {
  const { api } = useSession();
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [failure, setFailure] = useState<string>();
  const load = useCallback(async () => {
    try {
      const { items } = await api.call("listSessions", { limit: limits.page.most });
      setSessions(items);
      setFailure(undefined);
    } catch (error) {
      setFailure(error instanceof HubbubError ? error.detail : "The list could not be loaded.");
    }
  }, [api]);
  useEffect(() => void load(), [load]);
  return (
    <div className="flex flex-col gap-4">
      {failure !== undefined && (
        <>
          <ErrorNotice>{failure}</ErrorNotice>
          <Button className="self-start" onClick={() => void load()}>
            Try again
          </Button>
        </>
      )}
      {sessions === undefined && failure === undefined && <Loading />}
      {sessions !== undefined && (
        <ul aria-label="Devices" className="divide-y divide-line">
          {sessions.map((each) => (
            <Device key={each.id} session={each} onEnded={load} />
          ))}
        </ul>
      )}
      <Everywhere />
    </div>
  );
}

function Device({ session, onEnded }: { readonly session: Session; readonly onEnded: () => Promise<void> }) {
  const { api } = useSession();
  const { run, isBusy, failure } = useAction(async () => {
    await api.call("revokeSession", { sessionId: session.id });
    await onEnded();
  });
  const name = session.deviceName ?? "A device without a name";
  const used = new Date(session.lastUsedAt);
  return (
    <li className="flex flex-wrap items-center gap-3 py-2.5">
      <MonitorSmartphone size={20} aria-hidden="true" className="shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-small">{name}</p>
        <p className="text-caption text-faint" title={formatFull(used)}>
          {session.current ? "This device" : `Used ${formatBriefly(used, new Date())}`}
        </p>
      </div>
      {!session.current && (
        <Button look="danger" aria-label={`Sign out ${name}`} isBusy={isBusy} onClick={() => run()}>
          Sign out
        </Button>
      )}
      {failure !== undefined && (
        <div className="w-full">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
    </li>
  );
}

function Everywhere() {
  const session = useSession();
  const [isAsking, setAsking] = useState(false);
  const { run, isBusy, failure } = useAction(async () => {
    await session.api.call("logoutAll", {});
    await session.logOut();
  });
  if (!isAsking)
    return (
      <Button look="danger" className="-ml-4 self-start" onClick={() => setAsking(true)}>
        <LogOut size={17} /> Log out everywhere
      </Button>
    );
  return (
    <div className="rounded-medium bg-danger-wash p-3">
      <p className="text-small">Every device has to log in again, this one too.</p>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button autoFocus onClick={() => setAsking(false)}>
          Cancel
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={() => run()}>
          Log out everywhere
        </Button>
      </div>
    </div>
  );
}
