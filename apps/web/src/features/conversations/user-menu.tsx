import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "../../ui/avatar.tsx";
import { Menu, MenuChoice, MenuGroup, MenuHeading, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { setTheme, type Theme, useTheme } from "../../ui/theme.ts";
import { useSession, useSessionState } from "../auth/session.ts";

const themes: readonly { readonly value: Theme; readonly label: string; readonly icon: ReactNode }[] = [
  { value: "system", label: "As the system", icon: <Monitor size={17} /> },
  { value: "light", label: "Light", icon: <Sun size={17} /> },
  { value: "dark", label: "Dark", icon: <Moon size={17} /> },
];

export function UserMenu() {
  const session = useSession();
  const state = useSessionState();
  const theme = useTheme();
  if (state.status !== "signedIn") return null;
  const { user } = state;
  const trigger = (
    <button
      type="button"
      aria-label="Account and appearance"
      title={user.displayName}
      className="flex size-10 items-center justify-center rounded-medium hover:bg-hover"
    >
      <Avatar name={user.displayName} colorKey={user.id} size="small" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <div className="px-2.5 pt-1.5 pb-2">
        <p className="truncate font-medium text-small">{user.displayName}</p>
        <p className="truncate text-caption text-faint">@{user.username}</p>
      </div>
      <MenuSeparator />
      <MenuGroup>
        <MenuHeading>Appearance</MenuHeading>
        <MenuChoice value={theme} choices={themes} onChange={setTheme} />
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onSelect={() => void session.logOut()}>
        <LogOut size={17} /> Log out
      </MenuItem>
    </Menu>
  );
}
