import { HubbubApi } from "@hubbub/client";
import { newDeviceId, type User } from "@hubbub/contract";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

/** Milliseconds between a client's tries to come back; soon, as the test waits for it. */
const COME_BACK_MS = 100;

const password = "correct horse battery staple";

/** Someone with an account, signed in. */
export interface Person {
  readonly api: HubbubApi;
  readonly user: User;
}

export async function newPerson(baseUrl: string, username: string): Promise<Person> {
  const api = new HubbubApi({ baseUrl, deviceId: newDeviceId(), tokenDelivery: "body" });
  await api.call("register", { username, email: `${username}@example.org`, password });
  await api.login({ login: username, password });
  return { api, user: (await api.call("getOwnUser", {})).user };
}

/** The same person on one more device. */
export async function otherDevice({ api: { baseUrl }, user }: Person): Promise<Person> {
  const api = new HubbubApi({ baseUrl, deviceId: newDeviceId(), tokenDelivery: "body" });
  await api.login({ login: user.username, password });
  return { api, user };
}

/** A connection of the official client that comes back by itself unless the server tells it not to. */
export function openHub({ api }: Person): HubConnection {
  return new HubConnectionBuilder()
    .withUrl(`${api.baseUrl}/hubs/chat`, { accessTokenFactory: () => api.accessToken() })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => COME_BACK_MS })
    .configureLogging(LogLevel.None)
    .build();
}
