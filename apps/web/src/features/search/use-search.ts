import { HubbubError } from "@hubbub/client";
import type { OperationOutput, OperationRequest } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { useSession } from "../auth/index.ts";
import { useChatStore } from "../chat/index.ts";

export type SearchHit = OperationOutput<"searchMessages">["items"][number];
export type SearchInput = Omit<OperationRequest<"searchMessages">, "cursor" | "limit">;

/** What is asked for: nothing yet, or a question, or something that cannot be one. */
export type Question =
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly why: string }
  | { readonly kind: "clear"; readonly input: SearchInput };

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly nextCursor: string | null;
}

export interface Search {
  /** The last answer stays while the next is awaited; undefined where nothing was asked. */
  readonly answer: SearchAnswer | undefined;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
  readonly again: () => void;
  readonly more: () => void;
}

/** Typing rests this long before it is searched, milliseconds. */
const restFor = 250;
const pageSize = 30;

interface Wanted {
  /** Undefined: the first page. */
  readonly cursor: string | undefined;
  readonly round: number;
}

/** Finds messages for the question as it is now: of answers to earlier ones nothing is shown. */
export function useSearch(ask: () => Promise<Question>, key: string): Search {
  const { api } = useSession();
  const store = useChatStore();
  const [found, setFound] = useState<{ readonly key: string; readonly answer: SearchAnswer | undefined }>();
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [wanted, setWanted] = useState<Wanted & { readonly key: string }>({ key, cursor: undefined, round: 0 });
  const cursor = wanted.key === key ? wanted.cursor : undefined;
  const { round } = wanted;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  useEffect(() => {
    let isWanted = true;
    const run = async (): Promise<void> => {
      const question = await ask();
      if (!isWanted) return;
      if (question.kind === "none") return setFound({ key, answer: undefined });
      if (question.kind === "unclear") return setFailure(question.why);
      const { items, nextCursor } = await api.call("searchMessages", {
        ...question.input,
        limit: pageSize,
        ...(cursor !== undefined && { cursor }),
      });
      if (!isWanted) return;
      store.want(items.map(({ message }) => message.senderId));
      setFound((before) => {
        const earlier = cursor === undefined || before?.key !== key ? [] : (before.answer?.hits ?? []);
        return { key, answer: { hits: [...earlier, ...items], nextCursor } };
      });
    };
    setBusy(true);
    setFailure(undefined);
    const timer = setTimeout(
      () =>
        void run()
          .catch((error: unknown) => {
            if (isWanted) setFailure(error instanceof HubbubError ? error.detail : "The search failed.");
          })
          .finally(() => isWanted && setBusy(false)),
      cursor === undefined && round === 0 ? restFor : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, store, key, cursor, round]);
  return {
    answer: found?.answer,
    isBusy,
    failure,
    again: () => setWanted({ key, cursor, round: round + 1 }),
    more: () => setWanted({ key, cursor: found?.answer?.nextCursor ?? undefined, round }),
  };
}
