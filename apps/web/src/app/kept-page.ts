import { useSyncExternalStore } from "react";

/** The worker that waits with a newer version; `true` where it took over already, as another window asked it to. */
let newer: ServiceWorker | true | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(worker: ServiceWorker | true): void {
  newer = worker;
  for (const listener of [...listeners]) listener();
}

/** How often a window that stays open looks for a newer version, milliseconds. */
const lookEvery = 60 * 60 * 1000;

/** Keeps the page's files, so that it starts without a network; where the browser offers it: on HTTPS and localhost. */
export async function keepPage(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  let isControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (isControlled) tell(true);
    isControlled = true;
  });
  const policy = window.trustedTypes?.createPolicy("service-worker", { createScriptURL: (path) => path });
  const path = "/service-worker.js";
  const registration = await serviceWorker.register(policy?.createScriptURL(path) ?? path);
  if (registration.waiting !== null && isControlled) tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && isControlled) tell(installing);
    });
  });
  const look = (): void => void registration.update().catch(() => undefined);
  addEventListener("online", look);
  setInterval(look, lookEvery);
}

/** Whether a newer version of the page is ready. */
export function useNewerVersion(): boolean {
  return useSyncExternalStore(subscribe, () => newer !== undefined);
}

/** Shows the newer version here; other windows keep the one that they show until they are asked. */
export function showNewerVersion(): void {
  if (!(newer instanceof ServiceWorker)) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  newer.postMessage("takeOver");
}
