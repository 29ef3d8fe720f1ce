import { z } from "zod";

/** Whom one lets do or see something. Whom one blocked it never includes. */
export const audience = z.enum(["everyone", "friends", "nobody"]);
export type Audience = z.infer<typeof audience>;

export const privacy = z.object({
  /** Who may write to me alone. */
  writeToMe: audience,
  /** Who may take me into groups and channels; the others invite me. */
  addMe: audience,
  /** Who sees whether I am there, and when I was. */
  seePresence: audience,
  /** Who sees how far I read. */
  seeReceipts: audience,
  /** Who finds me by name or e-mail address. */
  findMe: audience,
});
export type Privacy = z.infer<typeof privacy>;
export type PrivacySetting = keyof Privacy;

export const notifications = z.object({
  /** What to alert of, where a conversation's own setting does not say. */
  notify: z.enum(["all", "mentions", "nothing"]),
  sound: z.boolean(),
  /** Whether an alert shows what was written. */
  preview: z.boolean(),
});
export type Notifications = z.infer<typeof notifications>;

export const settings = z.object({ privacy, notifications });
export type Settings = z.infer<typeof settings>;

/** What holds until somebody chooses otherwise. */
export const defaultSettings: Settings = {
  privacy: {
    writeToMe: "everyone",
    addMe: "everyone",
    seePresence: "everyone",
    seeReceipts: "everyone",
    findMe: "everyone",
  },
  notifications: { notify: "all", sound: true, preview: true },
};
