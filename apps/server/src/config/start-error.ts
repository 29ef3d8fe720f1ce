/**
 * Why the server cannot start, in one line for whoever runs it: what is wrong and what to do about it.
 * The process prints the message to standard error and exits with code 1. Never holds a secret.
 */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*\n\s*/g, " "), options);
    this.name = "StartError";
  }
}
