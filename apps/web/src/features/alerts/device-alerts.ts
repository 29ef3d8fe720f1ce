import { useSyncExternalStore } from "react";

/** `off`: the browser would, and the person does not want them on this device. */
export type DeviceAlerts = "unsupported" | "undecided" | "blocked" | "on" | "off";

const storageKey = "hubbub.alerts";
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** Whether this device alerts: what the browser allows, and what was chosen here. */
export function deviceAlerts(): DeviceAlerts {
  if (!("Notification" in window && "serviceWorker" in navigator)) return "unsupported";
  if (Notification.permission === "default") return "undecided";
  if (Notification.permission === "denied") return "blocked";
  return localStorage.getItem(storageKey) === "off" ? "off" : "on";
}

/** Asks the browser where it has not been asked. Called when a button is pressed, never by itself. */
export async function turnAlerts(on: boolean): Promise<void> {
  if (on) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, "off");
  if (on && deviceAlerts() === "undecided") await Notification.requestPermission();
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDeviceAlerts(): DeviceAlerts {
  return useSyncExternalStore(subscribe, deviceAlerts);
}
