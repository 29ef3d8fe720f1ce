/** What several windows of one account must not do at the same time [K5]. */
export interface Locks {
  /** Acts while nobody else holds the name. */
  exclusively<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
}

/** Among all windows of this origin; where the browser has no locks, each window is alone. */
export const windowLocks: Locks = {
  async exclusively<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const locks = globalThis.navigator?.locks;
    return await (locks === undefined ? act() : locks.request(name, act));
  },
};
