import type { HubPart, HubRequest } from "../transports/hub-request.ts";
import { emptyResponse, nodeUnreachable, unknownConnection } from "../transports/responses.ts";
import { BodyReceiver } from "./body-receiver.ts";
import { BodySender, largestPiece } from "./body-sender.ts";
import type { ForwardedMessage } from "./forwarded-message.ts";

/** Why the rest of an answer does not come: its node ended, or something between the nodes was lost. */
export type Failure = "gone" | "lost";

/** Tells the other node; `onFailure` is called when the message is known not to have arrived. */
export type Tell = (message: ForwardedMessage, onFailure?: () => void) => void;

type AnswerMessage = ForwardedMessage & { readonly kind: "answer" };

type State =
  | { readonly kind: "waiting" }
  /** The client is gone: what is answered reaches nobody. */
  | { readonly kind: "abandoned" }
  /** This node closes: the poll is called back. */
  | { readonly kind: "recalled" }
  | { readonly kind: "streaming"; readonly body: BodyReceiver }
  | { readonly kind: "over" };

/** A client's request to this node that another one answers. */
export class SentRequest {
  readonly id: number;
  /** Of the client: it came over this node, and is given back there. */
  readonly answer: Promise<Response>;
  readonly #incoming: HubRequest;
  readonly #tell: Tell;
  readonly #onOver: () => void;
  #respond: (response: Response) => void = () => undefined;
  #state: State = { kind: "waiting" };
  #body: BodySender | null = null;

  /** @param onOver told once, when nothing more comes of it */
  constructor(id: number, incoming: HubRequest, tell: Tell, onOver: () => void) {
    this.id = id;
    this.#incoming = incoming;
    this.#tell = tell;
    this.#onOver = onOver;
    this.answer = new Promise((resolve) => {
      this.#respond = resolve;
    });
  }

  /** Tells the other node at once, so that requests arrive there in the order they came; the body follows. */
  send(part: HubPart): void {
    const { request, port } = this.#incoming;
    port.keepOpen();
    request.signal.addEventListener("abort", () => this.#abandon(), { once: true });
    const { method, headers, url } = request;
    const { remoteAddress } = port;
    const hasBody = method === "POST" && (isSmall(request) || request.body !== null);
    const head = { kind: "request", id: this.id, part, method, url, headers, remoteAddress } as const;
    this.#tell({ ...head, hasBody }, () => this.fail("lost"));
    if (hasBody) void this.#sendBody(request);
  }

  /** The other node answers: with everything, or with the head of a stream. */
  answered({ status, headers, bytes, isWhole }: AnswerMessage): void {
    switch (this.#state.kind) {
      case "waiting":
        if (isWhole) this.#end(responseOf(status, headers, bytes));
        else this.#stream(status, headers);
        return;
      case "recalled":
        // The client polls again, at another node; when the connection is over it learns it there.
        this.#end(
          status === 204 ? responseOf(200, pollHeaders, new Uint8Array(0)) : responseOf(status, headers, bytes),
        );
        return;
      case "abandoned":
        if (status === 200 && bytes !== null && bytes.length > 0) this.#undelivered();
        this.#end(emptyResponse(204));
        return;
      case "streaming":
      case "over":
        return;
    }
  }

  piece(number: number, bytes: Uint8Array, isLast: boolean): void {
    if (this.#state.kind !== "streaming") return;
    if (!this.#state.body.take(number, bytes)) this.fail("lost");
    else if (isLast) this.#endStream(this.#state.body);
  }

  /** So much of the request's body is out of the way. */
  taken(bytes: number): void {
    this.#body?.taken(bytes);
  }

  /** The owner wants the client cut off, who does not read. */
  cut(): void {
    this.fail("lost");
    this.#incoming.port.cut();
  }

  fail(failure: Failure): void {
    switch (this.#state.kind) {
      case "waiting":
      case "abandoned":
      case "recalled":
        this.#end(failure === "gone" ? unknownConnection() : nodeUnreachable());
        break;
      case "streaming":
        this.#endStream(this.#state.body);
        break;
      case "over":
        return;
    }
    if (failure === "lost") this.#tell({ kind: "broken", to: "owner", id: this.id });
  }

  /** This node closes. What is posted is still answered; the others end. */
  recall(): void {
    if (this.#incoming.request.method !== "GET") return;
    if (this.#state.kind === "streaming") this.#endStream(this.#state.body);
    else if (this.#state.kind === "waiting") this.#state = { kind: "recalled" };
    else return;
    this.#tell({ kind: "broken", to: "owner", id: this.id });
  }

  async #sendBody(request: Request): Promise<void> {
    const { id } = this;
    const send = (number: number, bytes: Uint8Array, isLast: boolean) =>
      this.#tell({ kind: "piece", to: "owner", id, number, bytes, isLast }, () => this.fail("lost"));
    try {
      if (isSmall(request)) {
        send(0, new Uint8Array(await request.arrayBuffer()), true);
      } else if (request.body !== null) {
        this.#body = new BodySender(request.body, send);
        await this.#body.run();
      }
    } catch {
      // What the client sends has broken off.
      this.#abandon();
    }
  }

  #stream(status: number, headers: Headers): void {
    const { id } = this;
    const body = new BodyReceiver(
      (bytes) => this.#tell({ kind: "taken", to: "owner", id, bytes }),
      () => this.#abandon(),
    );
    this.#state = { kind: "streaming", body };
    this.#respond(new Response(body.stream, { status, headers }));
  }

  #abandon(): void {
    if (this.#state.kind !== "waiting" && this.#state.kind !== "streaming") return;
    this.#tell({ kind: "broken", to: "owner", id: this.id });
    this.#body?.stop();
    // A poll may have been answered already: then it must be known that nobody got it.
    if (this.#state.kind === "waiting") this.#state = { kind: "abandoned" };
    else this.#over();
  }

  #undelivered(): void {
    const token = this.#incoming.url.query("id");
    if (token !== undefined) this.#tell({ kind: "undelivered", token });
  }

  #end(response: Response): void {
    this.#incoming.port.release();
    this.#over();
    this.#respond(response);
  }

  #endStream(body: BodyReceiver): void {
    // A client that does not read is not waited for.
    if (body.isFull) this.#incoming.port.cut();
    else this.#incoming.port.release();
    this.#over();
    body.end();
  }

  #over(): void {
    this.#state = { kind: "over" };
    this.#body?.stop();
    this.#onOver();
  }
}

/** Whether a body is one piece: those are read at once, which takes half of what a stream of them does. */
function isSmall({ headers }: Request): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= largestPiece;
}

const pollHeaders = new Headers({ "content-type": "application/octet-stream", "cache-control": "no-store" });

function responseOf(status: number, headers: Headers, bytes: Uint8Array | null): Response {
  return new Response(bytes === null ? null : new Uint8Array(bytes), { status, headers });
}
