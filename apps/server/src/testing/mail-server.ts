import { SMTPServer } from "smtp-server";

/** A letter as it went over the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

/** How the server treats those who send. */
export type MailServerMood = "takes" | "refuses" | "hangs";

/** A real SMTP server on a free port of this machine. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  mood: MailServerMood = "takes";
  /** Letters that were refused, or are held up. */
  turnedAway = 0;
  readonly #server: SMTPServer;
  readonly #waiting = new Set<() => void>();

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
      disabledCommands: ["STARTTLS"],
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = envelope;
          const from = mailFrom === false ? "" : mailFrom.address;
          this.#end({ from, to: rcptTo.map(({ address }) => address), source: Buffer.concat(chunks).toString() }, done);
        });
      },
    });
    this.#server.on("error", () => undefined); // whoever hangs up on a server that hangs
  }

  #end(mail: ReceivedMail, done: (error?: Error) => void): void {
    if (this.mood !== "takes") this.turnedAway++;
    switch (this.mood) {
      case "takes":
        this.received.push(mail);
        done();
        break;
      case "refuses":
        // answers what it was sent, as some do
        done(
          Object.assign(new Error(`Not today: ${mail.source.replace(/\s+/g, " ").slice(0, 300)}`), {
            responseCode: 451,
          }),
        );
        break;
      case "hangs":
        break;
    }
    for (const look of this.#waiting) look();
  }

  /** @returns its address, for `SMTP_URL` */
  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      const listener = this.#server.listen(0, "127.0.0.1", () => {
        const address = listener.address();
        resolve(`smtp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Waits until the statement holds. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** The newest letter to somebody about something, once there is one. */
  async about(to: string, subject: string): Promise<ReceivedMail> {
    const those = () =>
      this.received.filter(
        (mail) => mail.to.includes(to) && mail.source.includes(`\r\nSubject: Hubbub: ${subject}\r\n`),
      );
    await this.until(() => those().length > 0);
    const mail = those().at(-1);
    if (mail === undefined) throw new Error(`No mail to ${to} about ${subject}`);
    return mail;
  }

  /** The newest letter to somebody, once there are so many. */
  async newest(to: string, count = 1): Promise<ReceivedMail> {
    const those = () => this.received.filter((mail) => mail.to.includes(to));
    await this.until(() => those().length >= count);
    const mail = those().at(-1);
    if (mail === undefined) throw new Error(`No mail to ${to}`);
    return mail;
  }
}

/** The plain text of a letter, whose lines may have been broken for the wire. */
export function textOf({ source }: ReceivedMail): string {
  const [, part = ""] = /Content-Type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(source) ?? [];
  const isBase64 = /Content-Type: text\/plain[\s\S]{0,200}?Content-Transfer-Encoding: base64/i.test(source);
  if (isBase64) return Buffer.from(part, "base64").toString();
  const joined = part.replace(/=\r\n/g, "");
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString();
}

/** The link that a letter carries, and its token. */
export function linkOf(mail: ReceivedMail): { readonly url: string; readonly token: string } {
  const [url = "", token = ""] = /https?:\/\/\S+#token=([\w-]+)/.exec(textOf(mail)) ?? [];
  return { url, token };
}
