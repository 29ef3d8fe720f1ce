import { Link, Outlet } from "@tanstack/react-router";
import { CloudOff, Compass } from "lucide-react";
import { authLinkClass } from "../features/auth/auth-frame.tsx";
import { useSession, useSessionState } from "../features/auth/session.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/notice.tsx";
import { Spinner } from "../ui/spinner.tsx";

/** Shows nothing of the page before it is known who is there. */
export function RootGate() {
  const session = useSession();
  const { status } = useSessionState();
  if (status === "resuming")
    return (
      <p role="status" className="flex h-full items-center justify-center gap-3 text-soft">
        <Spinner /> Opening Hubbub…
      </p>
    );
  if (status === "unreachable")
    return (
      <EmptyState className="h-full" icon={<CloudOff size={36} />} title="Hubbub cannot be reached">
        <p className="mb-3 max-w-80 text-soft">The server may be restarting, or this device is offline.</p>
        <Button look="primary" onClick={() => void session.resume()}>
          Try again
        </Button>
      </EmptyState>
    );
  return <Outlet />;
}

export function NotFound() {
  return (
    <EmptyState className="h-full" icon={<Compass size={36} />} title="There is nothing at this address">
      <Link to="/" className={authLinkClass}>
        Go to your conversations
      </Link>
    </EmptyState>
  );
}
