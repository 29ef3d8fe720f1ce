import type { MessageBus } from "./message-bus.ts";

/**
 * Looks from time to time whether any node listens to a channel, for a node that is lost cannot say so. One that only
 * connects anew may be missed once.
 * @param every milliseconds
 * @param onLost told when nobody was there twice
 * @returns ends it
 */
export function watchListener(bus: MessageBus, channel: string, every: number, onLost: () => void): () => void {
  let wasMissing = false;
  const look = (receivers: number) => {
    const isMissing = receivers === 0;
    if (isMissing && wasMissing) onLost();
    wasMissing = isMissing;
  };
  // A bus that is away is another matter, and told by itself.
  const timer = setInterval(() => void bus.receivers(channel).then(look, () => undefined), every);
  timer.unref();
  return () => clearInterval(timer);
}
