import type { Conversation, PublicConversation, User } from "@hubbub/contract";

export interface SwitcherAction {
  readonly name: string;
  readonly act: () => void;
}

/** Something to go to or to do; `key` is one of its own. */
export type SwitcherEntry =
  | { readonly kind: "conversation"; readonly key: string; readonly conversation: Conversation }
  | { readonly kind: "person"; readonly key: string; readonly user: User }
  | { readonly kind: "channel"; readonly key: string; readonly channel: PublicConversation }
  | { readonly kind: "action"; readonly key: string; readonly action: SwitcherAction }
  /** The messages that say so. */
  | { readonly kind: "search"; readonly key: string; readonly text: string };
