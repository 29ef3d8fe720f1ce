import { type DeviceId, newDeviceId, type Tokens, type User } from "@hubbub/contract";
import type { Api } from "./api.ts";

export interface Account {
  readonly user: User;
  readonly email: string;
  readonly password: string;
  readonly deviceId: DeviceId;
  readonly token: string;
  readonly refreshToken: string;
}

/** Lower case letters and digits enough to be new on any server. */
export const unique = (): string => crypto.randomUUID().replaceAll("-", "").slice(0, 12);

export const password = "correct horse battery staple";

/** What a client that keeps its refresh token itself gets when it signs in. */
export async function signIn(
  api: Api,
  login: string,
  deviceId = newDeviceId(),
): Promise<Tokens & { refreshToken: string }> {
  const tokens = await api.call("login", { login, password, deviceId, tokenDelivery: "body" });
  if (!("refreshToken" in tokens) || tokens.refreshToken === undefined) throw new Error("No refresh token in the body");
  return { ...tokens, refreshToken: tokens.refreshToken };
}

/** Registers and signs in. @param who the beginning of the username, at most 19 characters */
export async function newAccount(api: Api, who: string): Promise<Account> {
  const username = `${who}-${unique()}`;
  const email = `${username}@example.org`;
  const { user } = await api.call("register", { username, email, password, displayName: who });
  const deviceId = newDeviceId();
  const { accessToken, refreshToken } = await signIn(api, username, deviceId);
  return { user, email, password, deviceId, token: accessToken, refreshToken };
}
