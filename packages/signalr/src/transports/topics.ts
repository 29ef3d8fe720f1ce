import type { Frame } from "../protocol/frame.ts";

/** A socket's access to the runtime's own way of writing one frame to many sockets. */
export interface Topics {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Writes the frame to every socket subscribed, this one or not, behind what was written to each before. */
  publish(topic: string, frame: Frame): void;
}
