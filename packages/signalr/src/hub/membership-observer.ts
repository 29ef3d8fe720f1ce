/** Told what this node has to listen for, before the change is answered. */
export interface MembershipObserver {
  connectionAdded(id: string): void;
  connectionRemoved(id: string): void;
  /** The first connection of a user is here, or the first member of a group. */
  userAdded(id: string): void;
  groupAdded(name: string): void;
  /** The last one is gone. */
  userRemoved(id: string): void;
  groupRemoved(name: string): void;
}
