import { CloudOff, Compass } from "lucide-react";
import { lazy, Suspense } from "react";
import {
  ForgotPasswordView,
  LoginView,
  ResetPasswordView,
  SignupView,
  useSession,
  useSessionState,
  VerifyEmailView,
} from "../features/auth/index.ts";
import { isSearchPath, parseConversationPath, parseInvitePath } from "../features/chat/index.ts";
import { parsePeoplePath } from "../features/people/index.ts";
import { Button } from "../ui/button.tsx";
import { Link, Redirect, usePath } from "../ui/navigation.tsx";
import { EmptyState } from "../ui/notice.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { textLinkClass } from "../ui/text-link.ts";

/** Who only logs in does not wait for the chat. */
const loadChat = () => import("./chat-shell.tsx").then(({ ChatShell: component }) => ({ default: component }));
const ChatShell = lazy(loadChat);

/** What is at an address depends on who is there: nothing is shown before that is known. */
export function Page() {
  const { status } = useSessionState();
  const path = usePath();
  // mailed links are for whoever opens them, signed in or not
  if (path === "/reset-password") return <ResetPasswordView />;
  if (path === "/verify-email") return <VerifyEmailView />;
  switch (status) {
    case "resuming":
      void loadChat().catch(() => undefined); // it is asked for again when it is shown
      return <Opening />;
    case "unreachable":
      return <Unreachable />;
    case "signedOut":
      return <GuestPage />;
    case "signedIn":
      return <MemberPage />;
    default:
      return status satisfies never;
  }
}

function GuestPage() {
  const path = usePath();
  if (path === "/login") return <LoginView />;
  if (path === "/forgot-password") return <ForgotPasswordView />;
  if (path === "/signup") return <SignupView />;
  return <Redirect to={path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`} />;
}

function MemberPage() {
  const path = usePath();
  if (path === "/login" || path === "/signup" || path === "/forgot-password") return <Redirect to={nextPath()} />;
  const inviteToken = parseInvitePath(path);
  if (inviteToken !== undefined) return <ChatShell conversation={undefined} inviteToken={inviteToken} />;
  const conversation = parseConversationPath(path);
  const people = parsePeoplePath(path);
  const isSearch = isSearchPath(path);
  if (path !== "/" && conversation === undefined && people === undefined && !isSearch) return <NotFound />;
  return (
    <Suspense fallback={<Opening />}>
      <ChatShell conversation={conversation} people={people} isSearch={isSearch} />
    </Suspense>
  );
}

/** Where someone wanted to go before they had to log in; only ever a place of this page. */
function nextPath(): string {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  const isPlace =
    parseConversationPath(next)?.id !== undefined ||
    parsePeoplePath(next) !== undefined ||
    parseInvitePath(next) !== undefined ||
    isSearchPath(next);
  return isPlace ? next : "/";
}

function Opening() {
  return (
    <p role="status" className="flex h-full items-center justify-center gap-3 text-soft">
      <Spinner /> Opening Hubbub…
    </p>
  );
}

function Unreachable() {
  const session = useSession();
  return (
    <EmptyState className="h-full" icon={<CloudOff size={36} />} title="Hubbub cannot be reached">
      <p className="mb-3 max-w-80 text-soft">The server may be restarting, or this device is offline.</p>
      <Button look="primary" onClick={() => void session.resume()}>
        Try again
      </Button>
    </EmptyState>
  );
}

function NotFound() {
  return (
    <EmptyState className="h-full" icon={<Compass size={36} />} title="There is nothing at this address">
      <Link to="/" className={textLinkClass}>
        Go to your conversations
      </Link>
    </EmptyState>
  );
}
