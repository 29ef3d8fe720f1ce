import type { Letter } from "../../../ports/mailer.ts";

/** What people are written about. The first three carry a link. */
export const mailKinds = [
  "verifyEmail",
  "changeEmail",
  "resetPassword",
  "emailChangeAsked",
  "emailChanged",
  "passwordChanged",
  "accountDeleted",
] as const;
export type MailKind = (typeof mailKinds)[number];

/** What a link is good for. */
export type MailPurpose = Extract<MailKind, "verifyEmail" | "changeEmail" | "resetPassword">;

/** Minutes that a link is good for, from when it is sent. */
export const linkMinutes: Readonly<Record<MailPurpose, number>> = {
  verifyEmail: 3 * 24 * 60,
  changeEmail: 60,
  resetPassword: 30,
};

export function purposeOf(kind: MailKind): MailPurpose | undefined {
  return kind === "verifyEmail" || kind === "changeEmail" || kind === "resetPassword" ? kind : undefined;
}

interface Wording {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** What the link is called. */
  readonly action?: string;
  readonly after?: string;
}

/** @param server its address, by which people know it */
function wordingOf(kind: MailKind, server: string): Wording {
  switch (kind) {
    case "verifyEmail":
      return {
        subject: "Confirm your e-mail address",
        paragraphs: [
          `Somebody, hopefully you, made an account at ${server} with this e-mail address. Please confirm that it is yours.`,
        ],
        action: "Confirm my address",
        after: "The link is good for three days. If it was not you, there is nothing you need to do.",
      };
    case "changeEmail":
      return {
        subject: "Confirm your new e-mail address",
        paragraphs: [
          `This address is to become the one of your account at ${server}. Please confirm that it is yours.`,
        ],
        action: "Use this address",
        after: "The link is good for one hour. If it was not you, leave it: nothing changes then.",
      };
    case "resetPassword":
      return {
        subject: "Set a new password",
        paragraphs: [`Somebody, hopefully you, asked to set a new password for your account at ${server}.`],
        action: "Set a new password",
        after: "The link is good once, for 30 minutes. If it was not you, leave it: your password stays as it is.",
      };
    case "emailChangeAsked":
      return {
        subject: "Your e-mail address is about to change",
        paragraphs: [
          `Somebody signed in to your account at ${server} asked to use another e-mail address for it. It takes this one's place once it is confirmed.`,
          "If it was not you, sign in, change your password and end the sessions that you do not know.",
        ],
      };
    case "emailChanged":
      return {
        subject: "Your e-mail address has changed",
        paragraphs: [
          `Your account at ${server} has another e-mail address now, and is not reached by this one any more.`,
          "If it was not you, ask whoever runs the server for help.",
        ],
      };
    case "passwordChanged":
      return {
        subject: "Your password has changed",
        paragraphs: [
          `The password of your account at ${server} has been changed, and other devices have been signed out.`,
          "If it was not you, set a new one by “Forgot your password?” at once.",
        ],
      };
    case "accountDeleted":
      return {
        subject: "Your account has been deleted",
        paragraphs: [
          `Your account at ${server} has been deleted, as was asked. Farewell, and thank you for having been here.`,
        ],
      };
  }
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** @param name of the person, as they chose it */
export function letterOf(kind: MailKind, to: string, name: string, server: string, link: string | undefined): Letter {
  const { subject, paragraphs, action, after } = wordingOf(kind, server);
  const shown = name.replace(/\s+/g, " ");
  // whoever has no account has no name here any more
  const greeting = kind === "accountDeleted" ? "Hello," : `Hello ${shown},`;
  const text = [
    greeting,
    ...paragraphs,
    ...(link === undefined ? [] : [link]),
    ...(after === undefined ? [] : [after]),
  ];
  const html = [
    `<p>${escaped(greeting)}</p>`,
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...(link === undefined ? [] : [`<p><a href="${escaped(link)}">${escaped(action ?? link)}</a></p>`]),
    ...(after === undefined ? [] : [`<p>${escaped(after)}</p>`]),
  ];
  return { to, subject: `Hubbub: ${subject}`, text: `${text.join("\n\n")}\n`, html: html.join("\n") };
}
