import { HubbubApi, HubbubError } from "@hubbub/client";
import { newDeviceId, type User, type UserId } from "@hubbub/contract";

export interface Participant {
  readonly userId: UserId;
  readonly api: HubbubApi;
}

export interface Registration {
  readonly username: string;
  readonly displayName: string;
  /** Whoever only joins and leaves needs no session. */
  readonly speaks: boolean;
}

/** A password's hash costs the server 90 ms of processor time, so more at once would only queue. */
const parallel = 4;

/** Keeps the accounts of two runs on one server apart. */
const tag = crypto.randomUUID().slice(0, 6);
const password = crypto.randomUUID();

/** Registers under the name wanted, or under one like it where that is taken. */
async function register(api: HubbubApi, { username, displayName }: Registration): Promise<User> {
  const attempt = async (name: string): Promise<User> => {
    const email = `${name}@replay.invalid`;
    return (await api.call("register", { username: name, email, password, displayName })).user;
  };
  try {
    return await attempt(username);
  } catch (error) {
    if (!(error instanceof HubbubError && /^(USERNAME|EMAIL)_TAKEN$/.test(error.code))) throw error;
    return attempt(`${username.slice(0, 25)}-${tag}`);
  }
}

/**
 * Registers everyone, and signs in those who will speak.
 * @returns in the order given
 * @throws HubbubError
 */
export async function registerAll(
  url: string,
  registrations: readonly Registration[],
  onEach: () => void,
): Promise<Participant[]> {
  const participants: Participant[] = [];
  const waiting = registrations.entries();
  const worker = async (): Promise<void> => {
    for (const [index, registration] of waiting) {
      const api = new HubbubApi({ baseUrl: url, deviceId: newDeviceId(), tokenDelivery: "body" });
      const user = await register(api, registration);
      if (registration.speaks) await api.login({ login: user.username, password });
      participants[index] = { userId: user.id, api };
      onEach();
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return participants;
}
