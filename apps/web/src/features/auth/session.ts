import { type ChatStore, HubbubApi, HubbubError, type SecondFactorProof } from "@hubbub/client";
import {
  deviceId,
  newDeviceId,
  type OperationRequest,
  type SecondFactorChallenge,
  type User,
  user as userSchema,
} from "@hubbub/contract";
import { createContext, useContext, useSyncExternalStore } from "react";
import { deviceNameOf } from "./device-name.ts";
import { askForPasskey } from "./passkeys.ts";
import { privateStorage } from "./private-storage.ts";

export type SessionState =
  | { readonly status: "resuming" }
  | { readonly status: "unreachable" }
  | { readonly status: "signedOut" }
  | { readonly status: "signedIn"; readonly user: User; readonly store: ChatStore };

/** Names this browser for as long as its storage lives. */
function ownDeviceId() {
  const stored = deviceId.safeParse(localStorage.getItem("hubbub.deviceId"));
  if (stored.success) return stored.data;
  const made = newDeviceId();
  localStorage.setItem("hubbub.deviceId", made);
  return made;
}

/** Whose session this browser has had since the last end of one; without it there is no use in asking. */
const lastSession = {
  read: (): User | undefined => {
    try {
      return userSchema.parse(JSON.parse(localStorage.getItem("hubbub.session") ?? ""));
    } catch {
      return undefined;
    }
  },
  exists: (): boolean => localStorage.getItem("hubbub.session") !== null,
  write: (user: User): void => localStorage.setItem("hubbub.session", JSON.stringify(user)),
  /** There will be one; whose, the server tells. */
  expect: (): void => localStorage.setItem("hubbub.session", "1"),
  forget: (): void => localStorage.removeItem("hubbub.session"),
};

/** Who uses this page: one session of the API, and the live chat that belongs to it. */
export class Session {
  readonly api = new HubbubApi({ baseUrl: location.origin, deviceId: ownDeviceId(), tokenDelivery: "cookie" });
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { status: "resuming" };
  /** The session whose chat is loaded. */
  #beginning: symbol | undefined;

  constructor() {
    this.api.onSignedOut(() => this.#end());
    const retry = (): void => {
      if (this.#state.status === "signedIn" && document.visibilityState === "visible") this.#state.store.reconnect();
    };
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
  }

  readonly getState = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Goes on with the session that the browser's cookie stands for. */
  async resume(): Promise<void> {
    if (location.pathname === "/login" && location.search.includes("signInError=")) lastSession.forget();
    if (!lastSession.exists()) {
      this.#set({ status: "signedOut" });
      return;
    }
    const last = lastSession.read();
    this.#set({ status: "resuming" });
    try {
      if (last !== undefined) {
        // what is kept is shown at once, also without a connection; the connection tells whether the session goes on
        this.api.goOnAs(last);
        await this.#begin(last);
        void this.#refreshUser();
        return;
      }
      const user = await this.api.resume();
      if (user === undefined) this.#end();
      else await this.#begin(user);
    } catch (error) {
      if (!(error instanceof HubbubError)) throw error;
      this.#set({ status: "unreachable" });
    }
  }

  /** @returns what asks for the second step, where there is one. @throws HubbubError */
  async logIn(login: string, password: string): Promise<SecondFactorChallenge | undefined> {
    const answer = await this.api.login({ login, password, deviceName: deviceNameOf(navigator.userAgent) });
    if ("secondFactor" in answer) return answer.secondFactor;
    await this.#begin(answer.user);
    return undefined;
  }

  /** @throws HubbubError */
  async finishLogIn(proof: SecondFactorProof): Promise<void> {
    await this.#begin(await this.api.finishLogin({ ...proof, deviceName: deviceNameOf(navigator.userAgent) }));
  }

  /** Who it is, the passkey tells. @throws HubbubError, PasskeyError */
  async logInWithPasskey(): Promise<void> {
    const { options } = await this.api.call("startPasskeyLogin", {});
    const credential = await askForPasskey(options);
    await this.#begin(await this.api.loginWithPasskey(credential, deviceNameOf(navigator.userAgent)));
  }

  /** Leaves for a provider, from where the browser comes back with a session, or to the log-in page with an error. */
  leaveFor(provider: string): void {
    lastSession.expect();
    location.assign(`/api/v1/auth/oidc/${provider}/start?deviceId=${ownDeviceId()}`);
  }

  /** Makes an account and goes on as its owner. @throws HubbubError */
  async signUp(account: OperationRequest<"register">): Promise<void> {
    await this.api.call("register", account);
    await this.logIn(account.username, account.password);
  }

  async logOut(): Promise<void> {
    privateStorage.forget();
    if (this.#state.status === "signedIn") {
      const { store } = this.#state;
      await store.stop();
      await store.forget("everything");
    }
    // Without a connection the session ends here at least; the server ends it when it expires.
    await this.api.logout().catch(() => undefined);
  }

  /** Ends the account for good, and forgets what this browser kept of it. @throws HubbubError */
  async deleteAccount(confirmation: { readonly password?: string }): Promise<void> {
    const before = this.#state;
    await this.api.call("deleteOwnUser", confirmation);
    privateStorage.forget();
    if (before.status === "signedIn") {
      await before.store.stop();
      await before.store.forget("everything");
    }
    // the session has ended with the account: here it ends now
    await this.api.logout().catch(() => undefined);
  }

  /** The profile of who is here has changed. */
  learnUser(user: User): void {
    if (this.#state.status !== "signedIn") return;
    lastSession.write(user);
    this.#state.store.learnUser(user);
    this.#set({ ...this.#state, user });
  }

  /** @throws HubbubError when the chat cannot be loaded */
  async #begin(user: User): Promise<void> {
    lastSession.write(user);
    const beginning = Symbol();
    this.#beginning = beginning;
    const { openChat } = await import("./open-chat.ts").catch((cause: unknown) => {
      throw HubbubError.network(cause);
    });
    if (this.#beginning !== beginning) return; // it has ended meanwhile
    const store = openChat(this.api, user);
    this.#set({ status: "signedIn", user, store });
    store.start();
  }

  /** The profile may have changed since it was kept; without a connection that does not matter yet. */
  async #refreshUser(): Promise<void> {
    const now = await this.api.renew().catch(() => undefined);
    if (now !== undefined) this.learnUser(now.user);
  }

  #end(): void {
    lastSession.forget();
    this.#beginning = undefined;
    if (this.#state.status === "signedIn") {
      const { store } = this.#state;
      void store.stop().then(() => store.forget("chat"));
    }
    this.#set({ status: "signedOut" });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("There is no SessionContext above");
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.getState);
}
