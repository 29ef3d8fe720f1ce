import {
  Bell,
  CircleDot,
  Eye,
  Fingerprint,
  IdCard,
  KeyRound,
  MonitorSmartphone,
  ScrollText,
  ShieldCheck,
  Ticket,
  UserRound,
  Users,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { useSession } from "../auth/index.ts";
import { useLoaded } from "../chat/index.ts";
import { AccountSection } from "./account-section.tsx";
import { AccountsSection } from "./accounts-section.tsx";
import { AuditSection } from "./audit-section.tsx";
import { DevicesSection } from "./devices-section.tsx";
import { InvitationsSection } from "./invitations-section.tsx";
import { readLinkOutcome } from "./link-outcome.ts";
import { NotificationsSection } from "./notifications-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { PrivacySection } from "./privacy-section.tsx";
import { ProfileSection } from "./profile-section.tsx";
import { SigningInSection } from "./signing-in-section.tsx";
import { StatusSection } from "./status-section.tsx";
import { TwoStepSection } from "./two-step-section.tsx";

interface Section {
  readonly name: string;
  readonly icon: ReactNode;
  readonly content: ReactNode;
}

const signingIn: Section = { name: "Signing in", icon: <Fingerprint size={17} />, content: <SigningInSection /> };

/** In the order of the list; a new one is a row here and a file beside. */
const sections: readonly [Section, ...Section[]] = [
  { name: "Profile", icon: <UserRound size={17} />, content: <ProfileSection /> },
  { name: "Status", icon: <CircleDot size={17} />, content: <StatusSection /> },
  { name: "Privacy", icon: <Eye size={17} />, content: <PrivacySection /> },
  { name: "Notifications", icon: <Bell size={17} />, content: <NotificationsSection /> },
  { name: "Devices", icon: <MonitorSmartphone size={17} />, content: <DevicesSection /> },
  { name: "Password", icon: <KeyRound size={17} />, content: <PasswordSection /> },
  signingIn,
  { name: "Two steps", icon: <ShieldCheck size={17} />, content: <TwoStepSection /> },
  { name: "Account", icon: <IdCard size={17} />, content: <AccountSection /> },
];

/** For those who run the server. */
const adminSections: readonly Section[] = [
  { name: "People here", icon: <Users size={17} />, content: <AccountsSection /> },
  { name: "Invitations", icon: <Ticket size={17} />, content: <InvitationsSection /> },
  { name: "Audit log", icon: <ScrollText size={17} />, content: <AuditSection /> },
];

/** Everything about one's own account. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const [section, setSection] = useState(() => (readLinkOutcome() === undefined ? sections[0] : signingIn));
  const { api } = useSession();
  const { loaded } = useLoaded(() => api.call("getOwnUser", {}), [api]);
  const isAdmin = loaded.status === "ready" && loaded.value.user.isAdmin;
  return (
    <Dialog title="Settings" size="wide" isOpen onClose={onClose}>
      <div className="mt-2 flex min-h-0 flex-1 flex-col gap-4 sm:flex-row sm:gap-6">
        <nav
          aria-label="Settings"
          className="flex shrink-0 flex-wrap gap-1 sm:w-40 sm:flex-col sm:flex-nowrap sm:gap-0 sm:overflow-y-auto"
        >
          {[...sections, ...(isAdmin ? adminSections : [])].map((each) => (
            <button
              key={each.name}
              type="button"
              aria-current={each === section ? "true" : undefined}
              onClick={() => setSection(each)}
              className={classNames(
                "-outline-offset-2 flex min-h-10 items-center gap-2 rounded-medium px-2.5 font-medium text-small",
                each === section ? "bg-accent-wash text-ink" : "text-soft hover:bg-hover hover:text-ink",
              )}
            >
              {each.icon} {each.name}
            </button>
          ))}
        </nav>
        <section aria-label={section.name} className="min-w-0 flex-1">
          {section.content}
        </section>
      </div>
    </Dialog>
  );
}
