import { useEffect } from "react";

/** Names the window after what is shown in it, and after the program when it no longer is. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? "Hubbub" : `${title} · Hubbub`;
    return () => {
      document.title = "Hubbub";
    };
  }, [title]);
}
