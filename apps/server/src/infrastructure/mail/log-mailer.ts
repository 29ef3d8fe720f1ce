import type { Letter, Mailer } from "../../ports/mailer.ts";

const NOTE = "SMTP_URL is not set, so this mail was not sent: hand it over yourself, or set SMTP_URL";

/** Where no mail server is set, the operator finds what would be sent in the log: the one place where a link is logged. */
export class LogMailer implements Mailer {
  readonly #log: (letter: Omit<Letter, "html">, note: string) => void;

  constructor(log: (letter: Omit<Letter, "html">, note: string) => void) {
    this.#log = log;
  }

  async send({ to, subject, text }: Letter): Promise<void> {
    this.#log({ to, subject, text }, NOTE);
  }
}
