/** Where the library reports what nobody is there to catch. Details are plain data, never tokens or payloads. */
export interface Logger {
  /**
   * Reports what is of interest only to who looks for a fault.
   * @param message what happened, a sentence without particulars
   * @param details the particulars
   */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  /**
   * Reports what an operator should know, and what the library deals with by itself.
   * @param message what happened, a sentence without particulars
   * @param details the particulars
   */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  /**
   * Reports a failure of the application's handlers, or of the library.
   * @param message what happened, a sentence without particulars
   * @param details the particulars
   */
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Warnings and errors to the console, nothing else. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  warn: (message, details) => console.warn(message, details ?? ""),
  error: (message, details) => console.error(message, details ?? ""),
};
