import { join } from "node:path";
import type { Socket } from "bun";

/** Milliseconds between the answer and the loss: time to ask for something that then waits behind it. */
const LOSS_MS = 50;

/** One client's two sides. */
interface Link {
  readonly client: Socket<Link>;
  server: Socket<Link> | undefined;
  /** What came before the server's side was open. */
  readonly early: Buffer[];
  /** The answer to what has just been asked will not arrive. */
  isDoomed: boolean;
}

/**
 * Stands between a server and PostgreSQL, and on demand loses a connection in the worst moment: PostgreSQL has done
 * what was asked, and its answer does not arrive [L6].
 */
export class LossyProxy {
  /** The address of the same database through this proxy. */
  readonly url: string;
  readonly #target: string;
  readonly #listener: Bun.UnixSocketListener<Link>;
  #losing: { readonly text: string; nth: number; readonly reached: () => void } | undefined;

  /**
   * @param databaseUrl with `?path=` of a Unix socket
   * @param directory for its own socket
   */
  constructor(databaseUrl: string, directory: string) {
    const url = new URL(databaseUrl);
    this.#target = url.searchParams.get("path") ?? "";
    const unix = join(directory, ".s.PGSQL.5432");
    url.searchParams.set("path", unix);
    this.url = url.href;
    this.#listener = Bun.listen<Link>({ unix, socket: this.#clientSide() });
  }

  /**
   * Loses the answer to the next thing asked that contains the text, or to the nth of such.
   * @returns resolves when PostgreSQL has answered; the connection is lost a moment later
   */
  loseAnswerTo(text: string, nth = 1): Promise<void> {
    return new Promise((reached) => {
      this.#losing = { text, nth, reached };
    });
  }

  close(): void {
    this.#listener.stop(true);
  }

  #clientSide() {
    return {
      open: (client: Socket<Link>) => void this.#connect(client),
      data: ({ data: link }: Socket<Link>, asked: Buffer) => {
        if (this.#losing !== undefined && asked.includes(this.#losing.text)) link.isDoomed = --this.#losing.nth === 0;
        if (link.server === undefined) link.early.push(Buffer.from(asked));
        else link.server.write(asked);
      },
      close: ({ data: link }: Socket<Link>) => void link.server?.end(),
    };
  }

  async #connect(client: Socket<Link>): Promise<void> {
    const link: Link = { client, server: undefined, early: [], isDoomed: false };
    client.data = link;
    const server = await Bun.connect<Link>({
      unix: this.#target,
      data: link,
      socket: {
        data: (_, answer) => {
          if (!link.isDoomed) return void client.write(answer);
          this.#losing?.reached();
          this.#losing = undefined;
          setTimeout(() => client.terminate(), LOSS_MS);
        },
        close: () => void client.end(),
      },
    });
    for (const asked of link.early) server.write(asked);
    link.server = server;
  }
}
