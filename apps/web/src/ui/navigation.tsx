import { type ComponentProps, type MouseEvent, useEffect, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
addEventListener("popstate", () => visit());

/** One value of the address's query, always the present one. */
export function useSearchParameter(name: string): string | undefined {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name) ?? undefined);
}

let visits = 0;

function visit(): void {
  visits++;
  notify();
}

function notify(): void {
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

interface Navigation {
  /** The present address is not kept in the history. */
  readonly replace?: boolean;
  /** Something opens or closes beside what is shown, which stays as it is. */
  readonly stays?: boolean;
}

/** Goes to another address of this page, without loading it again. */
export function navigate(to: string, { replace = false, stays = false }: Navigation = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  if (stays) notify();
  else visit();
}

/** The path of the address, always the present one. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** Another number for every time that someone went somewhere, also to where they were. */
export function useVisit(): number {
  return useSyncExternalStore(subscribe, () => visits);
}

/** Goes elsewhere as soon as it is shown; the present address is not kept in the history. */
export function Redirect({ to }: { readonly to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return null;
}

interface LinkProps extends Omit<ComponentProps<"a">, "href"> {
  readonly to: string;
}

/** A link within the page. Other ways to click it, such as into a new tab, stay the browser's. */
export function Link({ to, ...rest }: LinkProps) {
  const follow = (click: MouseEvent): void => {
    if (click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    click.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={to} onClick={follow} />;
}
