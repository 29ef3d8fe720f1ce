import { type HubMessage, type ILogger, JsonHubProtocol, MessageType } from "@microsoft/signalr";

/** Hears of every event by its name: the connection tells of none that nobody listens to. */
export class OverhearingProtocol extends JsonHubProtocol {
  readonly #overhear: (target: string, values: readonly unknown[]) => void;

  constructor(overhear: (target: string, values: readonly unknown[]) => void) {
    super();
    this.#overhear = overhear;
  }

  override parseMessages(input: string, logger: ILogger): HubMessage[] {
    const messages = super.parseMessages(input, logger);
    for (const message of messages)
      if (message.type === MessageType.Invocation) this.#overhear(message.target, message.arguments);
    return messages;
  }
}
