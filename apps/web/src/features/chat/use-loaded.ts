import { HubbubError } from "@hubbub/client";
import { type DependencyList, useCallback, useEffect, useState } from "react";

export type Loaded<Value> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: Value }
  | { readonly status: "failed"; readonly detail: string };

/** What is read from the server while it is shown, and the way to read it again. */
export function useLoaded<Value>(read: () => Promise<Value>, reasons: DependencyList) {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ status: "loading" });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reasons to read again are given
  useEffect(() => {
    let isWanted = true;
    read().then(
      (value) => isWanted && setLoaded({ status: "ready", value }),
      (error: unknown) => {
        const detail = error instanceof HubbubError ? error.detail : "Something went wrong.";
        if (isWanted) setLoaded({ status: "failed", detail });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [...reasons, round]);
  return { loaded, reload: useCallback(() => setRound((before) => before + 1), []) };
}
