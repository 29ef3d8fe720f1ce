/** What this browser keeps for the person who is signed in, and forgets when they leave it. */
const prefix = "hubbub.private.";

export const privateStorage = {
  read: (key: string): string | undefined => localStorage.getItem(prefix + key) ?? undefined,
  write: (key: string, value: string): void => localStorage.setItem(prefix + key, value),
  remove: (key: string): void => localStorage.removeItem(prefix + key),
  forget: (): void => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  },
};
