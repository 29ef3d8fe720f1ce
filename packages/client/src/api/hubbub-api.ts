import {
  type DeviceId,
  errors,
  type OperationName,
  type OperationOutput,
  type OperationRequest,
  type PasskeyCredential,
  problem,
  type SecondFactorChallenge,
  type Tokens,
  type User,
} from "@hubbub/contract";
import { HubbubError } from "../hubbub-error.ts";
import { Listeners } from "../listeners.ts";
import { callable, toHttpRequest } from "./operation-request.ts";

/** An access token is renewed when it has less than this left, milliseconds. */
const renewBefore = 15_000;
/** A server that does not answer within this is treated as unreachable, milliseconds. */
const answerWithin = 30_000;

export interface HubbubApiOptions {
  /** Origin of the server, such as `https://chat.example.org`; in its own page `""`. */
  readonly baseUrl: string;
  /** Names this installation for as long as it exists: a login ends the device's earlier session. */
  readonly deviceId: DeviceId;
  /** Where the refresh token is kept: in a cookie (default in a browser's page), or here in memory. */
  readonly tokenDelivery?: "cookie" | "body";
}

interface Session {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
  readonly refreshToken: string | undefined;
  readonly user: User;
}

export interface Credentials {
  /** Username or e-mail address. */
  readonly login: string;
  readonly password: string;
  readonly deviceName?: string;
}

export type LoginAnswer = { readonly user: User } | { readonly secondFactor: SecondFactorChallenge };

export interface SecondFactorProof {
  readonly challenge: string;
  /** Of the app; else a recovery code. */
  readonly code?: string;
  readonly recoveryCode?: string;
  readonly deviceName?: string;
}

/**
 * The REST side of a server, typed by the contract's table of operations. Keeps one session: its access token stays
 * in memory and is renewed when it is about to expire or was refused.
 */
export class HubbubApi {
  readonly baseUrl: string;
  readonly #deviceId: DeviceId;
  readonly #tokenDelivery: "cookie" | "body";
  readonly #signedOut = new Listeners<void>();
  #session: Session | undefined;
  #expected: User["id"] | undefined;
  #renewal: Promise<Session> | undefined;

  constructor({ baseUrl, deviceId, tokenDelivery }: HubbubApiOptions) {
    this.baseUrl = baseUrl;
    this.#deviceId = deviceId;
    this.#tokenDelivery = tokenDelivery ?? (typeof document === "undefined" ? "body" : "cookie");
  }

  /** Who is signed in. */
  get user(): User | undefined {
    return this.#session?.user;
  }

  /**
   * Calls one operation. A refused access token is renewed once and the call repeated.
   * @throws HubbubError
   */
  async call<Name extends OperationName>(name: Name, input: OperationRequest<Name>): Promise<OperationOutput<Name>> {
    const isPublic = callable[name].access === "public";
    let response = await this.#fetch(name, input, isPublic ? undefined : await this.accessToken());
    if (response.status === 401 && !isPublic) {
      const refusal = await readProblem(response);
      if (refusal.code === "INVALID_CREDENTIALS") throw refusal; // of a password, not of the session
      response = await this.#fetch(name, input, (await this.renew()).accessToken);
    }
    if (!response.ok) throw await readProblem(response);
    return readOutput(name, response);
  }

  /** Begins a session, or is asked for a second step. @throws HubbubError `INVALID_CREDENTIALS` */
  async login(credentials: Credentials): Promise<LoginAnswer> {
    const answer = await this.call("login", { ...credentials, ...this.#device() });
    return "secondFactor" in answer ? answer : { user: this.#adopt(answer).user };
  }

  /** The second step of a log-in. @throws HubbubError `INVALID_CREDENTIALS`, or `UNAUTHENTICATED` to begin it anew */
  async finishLogin(proof: SecondFactorProof): Promise<User> {
    return this.#adopt(await this.call("finishLogin", { ...proof, ...this.#device() })).user;
  }

  /** Begins a session by what a passkey said to the options of `startPasskeyLogin`. @throws HubbubError `INVALID_CREDENTIALS` */
  async loginWithPasskey(credential: PasskeyCredential, deviceName: string): Promise<User> {
    return this.#adopt(await this.call("loginWithPasskey", { credential, deviceName, ...this.#device() })).user;
  }

  /** Goes on with the session of an earlier run, if there is one. @throws HubbubError when that cannot be known. */
  async resume(): Promise<User | undefined> {
    try {
      return (await this.renew()).user;
    } catch (error) {
      if (error instanceof HubbubError && isSessionEnd(error)) return undefined;
      throw error;
    }
  }

  /** Goes on as someone whose session an earlier run had, without asking now: the first call will tell. */
  goOnAs(user: User): void {
    this.#expected = user.id;
  }

  /** All that the server keeps of the caller, as the file that it sends, however long that takes. @throws HubbubError */
  async downloadOwnData(): Promise<Blob> {
    const response = await this.#fetch("exportOwnData", {}, await this.accessToken(), null);
    if (!response.ok) throw await readProblem(response);
    try {
      return await response.blob();
    } catch (cause) {
      throw HubbubError.network(cause); // half a file is none
    }
  }

  /** Ends the session, on this side in any case. */
  async logout(): Promise<void> {
    try {
      if (this.#session !== undefined || this.#expected !== undefined) await this.call("logout", {});
    } finally {
      this.#end();
    }
  }

  /** An access token that is good for a while. @throws HubbubError `UNAUTHENTICATED` when there is no session. */
  async accessToken(): Promise<string> {
    const session = this.#session;
    if (session !== undefined && Date.now() < session.renewAt) return session.accessToken;
    return (await this.renew()).accessToken;
  }

  /** Trades the refresh token for new tokens; calls at the same time share one trade. */
  renew(): Promise<{ readonly accessToken: string; readonly user: User }> {
    this.#renewal ??= this.#trade().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Hears of the session's end, whoever ended it. @returns the way to stop hearing */
  onSignedOut(listener: () => void): () => void {
    return this.#signedOut.add(listener);
  }

  #device(): { readonly deviceId: DeviceId; readonly tokenDelivery?: "body" } {
    return { deviceId: this.#deviceId, ...(this.#tokenDelivery === "body" && { tokenDelivery: "body" }) };
  }

  async #trade(): Promise<Session> {
    const before = this.#session?.user.id ?? this.#expected;
    const refreshToken = this.#session?.refreshToken;
    if (this.#tokenDelivery === "body" && refreshToken === undefined) throw signInFirst();
    try {
      const input = { deviceId: this.#deviceId, ...(refreshToken !== undefined && { refreshToken }) };
      const tokens = await this.call("refresh", input);
      // Another tab signed in as someone else: the cookie is theirs, what is shown here is not.
      if (before !== undefined && before !== tokens.user.id) throw signInFirst();
      return this.#adopt(tokens);
    } catch (error) {
      if (error instanceof HubbubError && isSessionEnd(error)) this.#end();
      throw error;
    }
  }

  #adopt({ accessToken, expiresIn, refreshToken, user }: Tokens): Session {
    // A server set to very short-lived tokens must not make every call renew.
    const lifetime = expiresIn * 1000;
    const renewAt = Date.now() + lifetime - Math.min(renewBefore, lifetime / 2);
    this.#session = { accessToken, renewAt, refreshToken, user };
    return this.#session;
  }

  #end(): void {
    if (this.#session === undefined && this.#expected === undefined) return;
    this.#session = undefined;
    this.#expected = undefined;
    this.#signedOut.emit();
  }

  async #fetch<Name extends OperationName>(
    name: Name,
    input: OperationRequest<Name>,
    accessToken: string | undefined,
    signal: AbortSignal | null = AbortSignal.timeout(answerWithin),
  ): Promise<Response> {
    const { method, path, body } = toHttpRequest(name, input);
    const headers = new Headers();
    if (body !== undefined) headers.set("content-type", "application/json");
    if (accessToken !== undefined) headers.set("authorization", `Bearer ${accessToken}`);
    const init: RequestInit = { method, headers, signal };
    if (body !== undefined) init.body = body;
    if (this.#tokenDelivery === "cookie") init.credentials = "include";
    try {
      return await fetch(this.baseUrl + path, init);
    } catch (cause) {
      throw HubbubError.network(cause);
    }
  }
}

function signInFirst(): HubbubError {
  return new HubbubError({ code: "UNAUTHENTICATED", detail: errors.UNAUTHENTICATED.text, retryable: false });
}

function isSessionEnd({ code }: HubbubError): boolean {
  return code === "UNAUTHENTICATED" || code === "TOKEN_REUSED" || code === "INVALID_CREDENTIALS";
}

async function readProblem(response: Response): Promise<HubbubError> {
  const text = await response.text().catch(() => "");
  if (!response.headers.get("content-type")?.includes("json")) return HubbubError.fromStatus(response.status);
  const parsed = problem.safeParse(parseJson(text));
  return parsed.success ? HubbubError.fromProblem(parsed.data) : HubbubError.fromStatus(response.status);
}

async function readOutput<Name extends OperationName>(name: Name, response: Response): Promise<OperationOutput<Name>> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw HubbubError.network(cause);
  }
  try {
    return callable[name].output.parse(text === "" ? null : JSON.parse(text));
  } catch (cause) {
    throw HubbubError.unexpectedAnswer(cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
