/** Where the library reports what nobody is there to catch. Details are plain data, never tokens or payloads. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Warnings and errors to the console, nothing else. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  warn: (message, details) => console.warn(message, details ?? ""),
  error: (message, details) => console.error(message, details ?? ""),
};
