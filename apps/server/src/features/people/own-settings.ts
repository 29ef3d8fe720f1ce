import { type Audience, defaultSettings, type Notifications, type Settings, type UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";

export interface SettingsRow {
  readonly write_to_me: Audience;
  readonly add_me: Audience;
  readonly see_presence: Audience;
  readonly see_receipts: Audience;
  readonly find_me: Audience;
  readonly notifications: Partial<Notifications>;
}

export const settingsColumns = [
  "write_to_me",
  "add_me",
  "see_presence",
  "see_receipts",
  "find_me",
  "notifications",
] as const;

/** @param row undefined for who has not chosen anything */
export function settingsView(row: SettingsRow | undefined): Settings {
  if (row === undefined) return defaultSettings;
  return {
    privacy: {
      writeToMe: row.write_to_me,
      addMe: row.add_me,
      seePresence: row.see_presence,
      seeReceipts: row.see_receipts,
      findMe: row.find_me,
    },
    notifications: { ...defaultSettings.notifications, ...row.notifications },
  };
}

export async function readSettings(db: Database, userId: UserId): Promise<Settings> {
  return settingsView(
    await db.selectFrom("user_settings").select(settingsColumns).where("user_id", "=", userId).executeTakeFirst(),
  );
}
