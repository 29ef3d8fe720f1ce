import { HubbubError } from "@hubbub/client";
import { useState } from "react";

/**
 * Something that takes a while and may be refused: whether it is under way, and what was said against it.
 * @param say words of its own for a refusal
 */
export function useAction<Arguments extends readonly unknown[]>(
  act: (...given: Arguments) => Promise<void>,
  say?: (error: HubbubError) => string | undefined,
) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = (...given: Arguments): void => {
    setBusy(true);
    setFailure(undefined);
    act(...given)
      .catch((error: unknown) => {
        setFailure(
          error instanceof HubbubError
            ? (say?.(error) ?? error.errors[0]?.message ?? error.detail)
            : "Something went wrong.",
        );
      })
      .finally(() => setBusy(false));
  };
  return { run, isBusy, failure };
}
