import type { UserId } from "@hubbub/contract";
import { createContext, lazy, useContext } from "react";

/** Is loaded when one is shown first. */
export const LazyProfileCard = lazy(() =>
  import("./profile-card.tsx").then(({ ProfileCard }) => ({ default: ProfileCard })),
);

export const ProfileContext = createContext<((id: UserId) => void) | undefined>(undefined);

/** The way to show who somebody is. */
export function useShowProfile(): (id: UserId) => void {
  const show = useContext(ProfileContext);
  if (show === undefined) throw new Error("There is no ProfileContext above");
  return show;
}
