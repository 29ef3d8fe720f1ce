import { AsyncLocalStorage } from "node:async_hooks";

/** Which request or call the present work is done for: it goes with it through every await. */
const traces = new AsyncLocalStorage<string | null>();

/** As in W3C trace context: 16 bytes, hex. */
export const currentTrace = (): string | null => traces.getStore() ?? null;

/** Work that is done later, or for several, must say whose it is: it would keep the trace of whoever came first. */
export const inTrace = <T>(traceId: string | null, work: () => T): T => traces.run(traceId, work);
