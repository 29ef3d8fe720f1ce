/** The message of what a promise is rejected with. @throws when it is not */
export async function failure(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ message: error instanceof Error ? error.message : String(error) }),
  );
  if ("message" in outcome) return outcome.message;
  throw new Error(`It succeeded: ${JSON.stringify(outcome.value)}`);
}
