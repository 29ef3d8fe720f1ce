import { ChatConnection, ChatStore, HubbubApi, HubbubError } from "@hubbub/client";
import { deviceId, newDeviceId, type OperationRequest, type User } from "@hubbub/contract";
import { createContext, useContext, useSyncExternalStore } from "react";
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

/** Whether this browser has had a session since the last end of one; without it there is no use in asking. */
const hadSession = {
  read: (): boolean => localStorage.getItem("hubbub.session") !== null,
  write: (has: boolean): void => {
    if (has) localStorage.setItem("hubbub.session", "1");
    else localStorage.removeItem("hubbub.session");
  },
};

/** Who uses this page: one session of the API, and the live chat that belongs to it. */
export class Session {
  readonly api = new HubbubApi({ baseUrl: location.origin, deviceId: ownDeviceId(), tokenDelivery: "cookie" });
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { status: "resuming" };

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
    if (location.pathname === "/login" && location.search.includes("signInError=")) hadSession.write(false);
    if (!hadSession.read()) {
      this.#set({ status: "signedOut" });
      return;
    }
    this.#set({ status: "resuming" });
    try {
      const user = await this.api.resume();
      if (user === undefined) this.#end();
      else this.#begin(user);
    } catch (error) {
      if (!(error instanceof HubbubError)) throw error;
      this.#set({ status: "unreachable" });
    }
  }

  /** @throws HubbubError */
  async logIn(login: string, password: string): Promise<void> {
    this.#begin(await this.api.login({ login, password }));
  }

  /** Leaves for a provider, from where the browser comes back with a session, or to the log-in page with an error. */
  leaveFor(provider: string): void {
    hadSession.write(true);
    location.assign(`/api/v1/auth/oidc/${provider}/start?deviceId=${ownDeviceId()}`);
  }

  /** Makes an account and goes on as its owner. @throws HubbubError */
  async signUp(account: OperationRequest<"register">): Promise<void> {
    await this.api.call("register", account);
    await this.logIn(account.username, account.password);
  }

  async logOut(): Promise<void> {
    privateStorage.forget();
    // Without a connection the session ends here at least; the server ends it when it expires.
    await this.api.logout().catch(() => undefined);
  }

  #begin(user: User): void {
    hadSession.write(true);
    const store = new ChatStore({ api: this.api, connection: new ChatConnection(this.api), user });
    this.#set({ status: "signedIn", user, store });
    store.start();
  }

  #end(): void {
    hadSession.write(false);
    if (this.#state.status === "signedIn") void this.#state.store.stop();
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
