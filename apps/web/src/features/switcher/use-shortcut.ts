import { useEffect } from "react";

/** Hears Ctrl+K, or Cmd+K, wherever the focus is. */
export function useSwitcherShortcut(onPress: () => void): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const isIt =
        (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
      if (!isIt) return;
      event.preventDefault();
      onPress();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [onPress]);
}
