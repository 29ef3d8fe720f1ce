import type { OperationName, OperationOutput, OperationRequest, UserId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";

/** What a person does about others and their own settings. The state learns of it by the inbox. */
export class PeopleCalls {
  readonly #api: Pick<HubbubApi, "call">;
  readonly #askInbox: () => void;

  /** @param askInbox has the inbox read, for where no push comes */
  constructor(api: Pick<HubbubApi, "call">, askInbox: () => void) {
    this.#api = api;
    this.#askInbox = askInbox;
  }

  /** @throws HubbubError `ALREADY_FRIENDS`, `ALREADY_REQUESTED`, `NOT_FOUND` */
  async requestFriend(who: OperationRequest<"requestFriend">): Promise<void> {
    await this.#call("requestFriend", who);
  }

  /** @throws HubbubError */
  async answerRequest(userId: UserId, status: "accepted" | "declined"): Promise<void> {
    await this.#call("answerFriendRequest", { userId, status });
  }

  /** Ends a friendship, withdraws or declines a request. @throws HubbubError */
  async removeFriend(userId: UserId): Promise<void> {
    await this.#call("removeFriend", { userId });
  }

  /** @throws HubbubError */
  async block(userId: UserId): Promise<void> {
    await this.#call("blockUser", { userId });
  }

  /** @throws HubbubError */
  async unblock(userId: UserId): Promise<void> {
    await this.#call("unblockUser", { userId });
  }

  /** @throws HubbubError */
  async updateSettings(changes: OperationRequest<"updateOwnSettings">): Promise<void> {
    await this.#call("updateOwnSettings", changes);
  }

  /** What the person chose for one conversation. @throws HubbubError */
  async updateConversationSettings(changes: OperationRequest<"updateConversationSettings">): Promise<void> {
    await this.#call("updateConversationSettings", changes);
  }

  async #call<Name extends OperationName>(name: Name, input: OperationRequest<Name>): Promise<OperationOutput<Name>> {
    const output = await this.#api.call(name, input);
    this.#askInbox();
    return output;
  }
}
