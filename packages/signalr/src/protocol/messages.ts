/** Message types of the hub protocol, by the number they carry on the wire. */
export const MessageType = {
  invocation: 1,
  streamItem: 2,
  completion: 3,
  streamInvocation: 4,
  cancelInvocation: 5,
  ping: 6,
  close: 7,
  ack: 8,
  sequence: 9,
} as const;

/** Headers of one message; the protocol carries them, the application gives them their meaning. */
export type MessageHeaders = Readonly<Record<string, string>>;

export interface InvocationMessage {
  readonly type: typeof MessageType.invocation;
  readonly target: string;
  readonly arguments: readonly unknown[];
  /** Absent when the sender wants no answer. */
  readonly invocationId?: string | undefined;
  readonly streamIds?: readonly string[] | undefined;
  readonly headers?: MessageHeaders | undefined;
}

export interface StreamInvocationMessage {
  readonly type: typeof MessageType.streamInvocation;
  readonly target: string;
  readonly arguments: readonly unknown[];
  readonly invocationId: string;
  readonly streamIds?: readonly string[] | undefined;
  readonly headers?: MessageHeaders | undefined;
}

export interface StreamItemMessage {
  readonly type: typeof MessageType.streamItem;
  readonly invocationId: string;
  readonly item: unknown;
  readonly headers?: MessageHeaders | undefined;
}

/** How an invocation or a stream ended. */
export type Outcome =
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "void" }
  | { readonly kind: "result"; readonly result: unknown };

export interface CompletionMessage {
  readonly type: typeof MessageType.completion;
  readonly invocationId: string;
  readonly outcome: Outcome;
  readonly headers?: MessageHeaders | undefined;
}

export interface CancelInvocationMessage {
  readonly type: typeof MessageType.cancelInvocation;
  readonly invocationId: string;
  readonly headers?: MessageHeaders | undefined;
}

export interface PingMessage {
  readonly type: typeof MessageType.ping;
}

export interface CloseMessage {
  readonly type: typeof MessageType.close;
  readonly error?: string | undefined;
  readonly allowReconnect?: boolean | undefined;
}

export interface AckMessage {
  readonly type: typeof MessageType.ack;
  readonly sequenceId: number;
}

export interface SequenceMessage {
  readonly type: typeof MessageType.sequence;
  readonly sequenceId: number;
}

/** Every message either side may send. */
export type HubMessage =
  | InvocationMessage
  | StreamInvocationMessage
  | StreamItemMessage
  | CompletionMessage
  | CancelInvocationMessage
  | PingMessage
  | CloseMessage
  | AckMessage
  | SequenceMessage;

/** The one ping there is. */
export const ping: PingMessage = { type: MessageType.ping };
