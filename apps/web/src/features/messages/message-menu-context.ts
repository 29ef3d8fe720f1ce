import type { Message } from "@hubbub/contract";
import { createContext } from "react";
import type { MenuAnchor } from "../../ui/menu-anchor.ts";

export interface OpenMessageMenu {
  readonly message: Message;
  readonly at: MenuAnchor;
}

/** How a message's actions open the menu with the rest of them. */
export const MessageMenuContext = createContext<(menu: OpenMessageMenu) => void>(() => undefined);
