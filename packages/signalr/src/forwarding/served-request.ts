import type { Logger } from "../hub/logger.ts";
import type { HubPart, HubRequest } from "../transports/hub-request.ts";
import type { RequestPort } from "../transports/request-port.ts";
import { parseRequestUrl } from "../transports/request-url.ts";
import { emptyResponse } from "../transports/responses.ts";
import { BodyReceiver } from "./body-receiver.ts";
import { BodySender } from "./body-sender.ts";
import type { ForwardedMessage } from "./forwarded-message.ts";
import type { Tell } from "./sent-request.ts";

type RequestMessage = ForwardedMessage & { readonly kind: "request" };

/** The node that has the connections, as forwarded requests need it. */
export interface RequestOwner {
  /** Answers a request for a connection of this node. */
  answer(incoming: HubRequest, part: HubPart): Promise<Response>;
  /** What a poll took along has reached nobody. */
  undelivered(token: string): void;
}

/** A request to another node that this one answers. */
export class ServedRequest {
  readonly id: number;
  readonly #tell: Tell;
  readonly #onOver: () => void;
  readonly #aborter = new AbortController();
  /** Of a request whose body comes in pieces. */
  #received: BodyReceiver | null = null;
  #sender: BodySender | null = null;
  #isOver = false;

  /** @param onOver told once, when nothing more comes of it */
  constructor(id: number, tell: Tell, onOver: () => void) {
    this.id = id;
    this.#tell = tell;
    this.#onOver = onOver;
  }

  async serve(message: RequestMessage, owner: RequestOwner, logger: Logger): Promise<void> {
    const url = parseRequestUrl(message.url);
    const port: RequestPort = {
      remoteAddress: message.remoteAddress,
      keepOpen: () => undefined,
      release: () => undefined,
      cut: () => this.#cut(),
    };
    try {
      const incoming = { request: this.#requestOf(message), url, port };
      await this.#answer(await owner.answer(incoming, partOf(message.part)), () => {
        if (message.method === "GET") owner.undelivered(url.query("id") ?? "");
      });
    } catch (error) {
      const level = this.#aborter.signal.aborted ? "debug" : "error";
      logger[level]("A forwarded request failed.", { method: message.method, path: url.path, error });
      await this.#answer(emptyResponse(500), () => undefined);
    } finally {
      this.#end();
    }
  }

  piece(number: number, bytes: Uint8Array, isLast: boolean): void {
    if (this.#received?.take(number, bytes) === false) this.abort();
    else if (isLast) this.#received?.end();
  }

  /** So much of the answer is out of the way. */
  taken(bytes: number): void {
    this.#sender?.taken(bytes);
  }

  /** The client is gone, or the node between. */
  abort(): void {
    this.#received?.fail();
    this.#aborter.abort();
    this.#sender?.stop();
  }

  #requestOf({ method, url, headers, hasBody }: RequestMessage): Request {
    const { signal } = this.#aborter;
    const address = URL.canParse(url) ? url : new URL(url, "http://localhost");
    if (!hasBody) return new Request(address, { method, headers, signal });
    this.#received = new BodyReceiver(
      (taken) => this.#tell({ kind: "taken", to: "client", id: this.id, bytes: taken }),
      () => undefined,
    );
    const init = { method, headers, signal, body: this.#received.stream, duplex: "half" } as const;
    return new Request(address, init);
  }

  async #answer({ status, headers, body }: Response, onFailure: () => void): Promise<void> {
    const { id } = this;
    if (body === null || !isStream(headers)) {
      const bytes = body === null ? null : new Uint8Array(await new Response(body).arrayBuffer());
      const onLost = status !== 200 || bytes === null || bytes.length === 0 ? undefined : onFailure;
      this.#tell({ kind: "answer", id, status, headers, bytes, isWhole: true }, onLost);
      return;
    }
    this.#tell({ kind: "answer", id, status, headers, bytes: null, isWhole: false }, () => this.abort());
    this.#sender = new BodySender(body, (number, bytes, isLast) =>
      this.#tell({ kind: "piece", to: "client", id, number, bytes, isLast }, () => this.abort()),
    );
    // The client may have gone while it was found out who it is.
    if (this.#aborter.signal.aborted) this.#sender.stop();
    await this.#sender.run();
  }

  #cut(): void {
    this.#tell({ kind: "broken", to: "client", id: this.id });
    // Whoever cuts the client off closes or forgets the stream, but not before this returns.
    queueMicrotask(() => this.#sender?.stop());
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver();
  }
}

function partOf(part: string): HubPart {
  return part === "refresh" ? "refresh" : "transport";
}

function isStream(headers: Headers): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}
