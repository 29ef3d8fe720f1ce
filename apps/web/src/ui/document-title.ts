import { useEffect } from "react";

const program = "Hubbub";
let shown: string | undefined;
let waiting = "";

function name(): void {
  document.title = `${waiting === "" ? "" : `(${waiting}) `}${shown === undefined ? "" : `${shown} · `}${program}`;
}

/** Names the window after what is shown in it, and after the program when it no longer is. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    shown = title;
    name();
    return () => {
      shown = undefined;
      name();
    };
  }, [title]);
}

/** Tells in the window's name how much waits in it; an empty text: nothing. */
export function useDocumentTitleCount(count: string): void {
  useEffect(() => {
    waiting = count;
    name();
    return () => {
      waiting = "";
      name();
    };
  }, [count]);
}
