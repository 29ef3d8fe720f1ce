import type { User } from "@hubbub/contract";
import { LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { Menu, MenuChoice, MenuGroup, MenuHeading, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { setTheme, type Theme, useTheme } from "../../ui/theme.ts";
import { useSession } from "./session.ts";
import { userMenuButton } from "./user-menu-button.ts";

const themes: readonly { readonly value: Theme; readonly label: string; readonly icon: ReactNode }[] = [
  { value: "system", label: "As the system", icon: <Monitor size={17} /> },
  { value: "light", label: "Light", icon: <Sun size={17} /> },
  { value: "dark", label: "Dark", icon: <Moon size={17} /> },
];

interface OpenUserMenuProps {
  readonly user: User;
  readonly face: ReactNode;
  readonly onSettings: () => void;
}

/** Is open from the start: it is loaded when someone asked for it. */
export function OpenUserMenu({ user, face, onSettings }: OpenUserMenuProps) {
  const session = useSession();
  const theme = useTheme();
  const trigger = (
    <button {...userMenuButton} title={user.displayName}>
      {face}
    </button>
  );
  return (
    <Menu trigger={trigger} isOpenAtFirst>
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
      <MenuItem onSelect={onSettings}>
        <Settings size={17} /> Settings
      </MenuItem>
      <MenuItem onSelect={() => void session.logOut()}>
        <LogOut size={17} /> Log out
      </MenuItem>
    </Menu>
  );
}
