import type { ConversationId, UserId } from "@hubbub/contract";
import { MessagesSquare } from "lucide-react";
import { type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import { useAlerts } from "../features/alerts/index.ts";
import { useSessionState } from "../features/auth/index.ts";
import { ChatContext, type ConversationPlace, searchPath } from "../features/chat/index.ts";
import { LazyInviteLanding, Sidebar, type SidebarDialog } from "../features/conversations/index.ts";
import { Attachments } from "../features/media/index.ts";
import { ConversationPane } from "../features/messages/index.ts";
import {
  LazyPeoplePage,
  LazyProfileCard,
  type PeopleSection,
  ProfileContext,
  peoplePath,
} from "../features/people/index.ts";
import { LazySearchPage } from "../features/search/index.ts";
import { LazySettingsDialog, readLinkOutcome } from "../features/settings/index.ts";
import { LazySwitcher, type SwitcherAction, useSwitcherShortcut } from "../features/switcher/index.ts";
import { classNames } from "../ui/class-names.ts";
import { navigate } from "../ui/navigation.tsx";
import { EmptyState } from "../ui/notice.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { VersionBanner } from "./version-banner.tsx";

interface ChatShellProps {
  /** The one that is shown. */
  readonly conversation: ConversationPlace | undefined;
  /** The part of the people's place that is shown. */
  readonly people?: PeopleSection | undefined;
  /** Of the link into a conversation that is looked at instead. */
  readonly inviteToken?: string | undefined;
  /** Messages are searched. */
  readonly isSearch?: boolean;
}

/** Everything a person who is signed in sees: beside each other on wide screens, one after another on narrow ones. */
export function ChatShell({ conversation, people, inviteToken, isSearch = false }: ChatShellProps) {
  const session = useSessionState();
  const [profile, setProfile] = useState<UserId>();
  const [isSettings, setSettings] = useState(() => readLinkOutcome() !== undefined);
  const [dialog, setDialog] = useState<SidebarDialog>();
  const [isSwitching, setSwitching] = useState(false);
  useSwitcherShortcut(useCallback(() => setSwitching(true), []));
  const actions = useMemo(
    (): readonly SwitcherAction[] => [
      { name: "New conversation", act: () => setDialog("new") },
      { name: "Browse channels", act: () => setDialog("browse") },
      { name: "Search messages", act: () => navigate(searchPath()) },
      { name: "People and friends", act: () => navigate(peoplePath("friends")) },
      { name: "Settings", act: () => setSettings(true) },
    ],
    [],
  );
  if (session.status !== "signedIn") return null;
  const id = conversation?.id;
  const hasPane = conversation !== undefined || people !== undefined || inviteToken !== undefined || isSearch;
  return (
    <ChatContext value={session.store}>
      <ProfileContext value={setProfile}>
        <Attachments store={session.store}>
          <div className="flex h-full flex-col">
            <Alerts shown={id} />
            <ConnectionBanner />
            <VersionBanner />
            <div className="grid min-h-0 flex-1 md:grid-cols-[19rem_minmax(0,1fr)] xl:grid-cols-[21rem_minmax(0,1fr)]">
              <div className={classNames("min-h-0 min-w-0 md:border-line md:border-r", hasPane && "max-md:hidden")}>
                <Sidebar
                  currentId={id}
                  onSettings={() => setSettings(true)}
                  onSwitcher={() => setSwitching(true)}
                  opened={dialog}
                  onOpen={setDialog}
                />
              </div>
              <main className={classNames("min-h-0 min-w-0 bg-surface", !hasPane && "max-md:hidden")}>
                <Pane conversation={conversation} people={people} inviteToken={inviteToken} isSearch={isSearch} />
              </main>
            </div>
          </div>
          {profile !== undefined && (
            <Suspense>
              <LazyProfileCard key={profile} id={profile} onClose={() => setProfile(undefined)} />
            </Suspense>
          )}
          {isSwitching && (
            <Suspense>
              <LazySwitcher actions={actions} onClose={() => setSwitching(false)} />
            </Suspense>
          )}
          {isSettings && (
            <Suspense>
              <LazySettingsDialog onClose={() => setSettings(false)} />
            </Suspense>
          )}
        </Attachments>
      </ProfileContext>
    </ChatContext>
  );
}

function Alerts({ shown }: { readonly shown: ConversationId | undefined }) {
  useAlerts(shown);
  return null;
}

function Pane({ conversation, people, inviteToken, isSearch }: ChatShellProps): ReactNode {
  if (inviteToken !== undefined)
    return (
      <Suspense>
        <LazyInviteLanding key={inviteToken} token={inviteToken} />
      </Suspense>
    );
  if (isSearch)
    return (
      <Suspense>
        <LazySearchPage />
      </Suspense>
    );
  if (people !== undefined)
    return (
      <Suspense>
        <LazyPeoplePage section={people} />
      </Suspense>
    );
  if (conversation !== undefined) return <ConversationPane key={conversation.id} place={conversation} />;
  return (
    <EmptyState className="h-full" icon={<MessagesSquare size={40} />} title="Choose a conversation">
      <p className="text-soft">Or start a new one.</p>
    </EmptyState>
  );
}
