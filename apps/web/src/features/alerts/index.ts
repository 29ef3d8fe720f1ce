export { type DeviceAlerts, turnAlerts, useDeviceAlerts } from "./device-alerts.ts";
export { useAlerts } from "./use-alerts.ts";
