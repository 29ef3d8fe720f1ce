import { lazy, type ReactNode, Suspense, useState } from "react";
import { useSessionState } from "./session.ts";
import { userMenuButton } from "./user-menu-button.ts";

const load = () => import("./open-user-menu.tsx").then(({ OpenUserMenu: component }) => ({ default: component }));
const OpenUserMenu = lazy(load);

interface UserMenuProps {
  /** One's own picture. */
  readonly face: ReactNode;
  readonly onSettings: () => void;
}

/** A button until it is wanted: the menu behind it is loaded when a pointer or the focus comes near. */
export function UserMenu({ face, onSettings }: UserMenuProps) {
  const session = useSessionState();
  const [isWanted, setWanted] = useState(false);
  if (session.status !== "signedIn") return null;
  const { user } = session;
  const button = (
    <button
      {...userMenuButton}
      title={user.displayName}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    >
      {face}
    </button>
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <OpenUserMenu user={user} face={face} onSettings={onSettings} />
    </Suspense>
  );
}
