import { createTransport, type Transporter } from "nodemailer";
import type { Letter, Mailer } from "../../ports/mailer.ts";

/** Milliseconds that a mail server may be silent. */
const PATIENCE_MS = 20_000;

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the start. */
  readonly url: string;
  /** As `From` has it. */
  readonly from: string;
  readonly patienceMs?: number;
}

/** Sends letters by SMTP, over TLS wherever the server offers it. */
export class SmtpMailer implements Mailer {
  readonly #transport: Transporter;
  readonly #from: string;

  constructor({ url, from, patienceMs = PATIENCE_MS }: SmtpMailerOptions) {
    const { protocol, hostname, port, username, password } = new URL(url);
    const secure = protocol === "smtps:";
    const usualPort = secure ? 465 : 587;
    this.#transport = createTransport({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? usualPort : Number(port),
      secure,
      ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      // letters are ours alone, and name no files or addresses to read
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.#from = from;
  }

  async send({ to, ...letter }: Letter): Promise<void> {
    // an object, so that nothing in an address is read as a list of several
    await this.#transport.sendMail({ from: this.#from, to: { name: "", address: to }, ...letter });
  }
}
