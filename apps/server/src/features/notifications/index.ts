export { type MessageAlertsDeps, messageAlerts } from "./message-alerts.ts";
