import { ChatConnection, ChatStore, type HubbubApi, IndexedDbStorage } from "@hubbub/client";
import type { User } from "@hubbub/contract";

/** The live chat of whoever is signed in. */
export function openChat(api: HubbubApi, user: User): ChatStore {
  return new ChatStore({
    ...{ api, connection: new ChatConnection(api), user },
    openStorage: () => IndexedDbStorage.open(`hubbub.${user.id}`),
  });
}
