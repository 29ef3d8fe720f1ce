import type { MediaId } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { useChat, useChatStore } from "./use-chat.ts";

/** Addresses that did not lead to a picture, after which no other one is tried. */
const most = 2;

/**
 * Where a medium can be loaded from while it is shown; undefined until that is known.
 * @returns also what must hear that nothing came from there: the address may have run out
 */
export function useMediaUrl(id: MediaId | undefined) {
  const { addresses } = useChatStore().media;
  const isOnline = useChat(({ connection }) => connection.status === "online");
  const [url, setUrl] = useState(() => (id === undefined ? undefined : addresses.peek(id)));
  const [failures, setFailures] = useState(0);
  const [isAbsent, setAbsent] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another failure, or a connection, is a reason to ask again
  useEffect(() => {
    if (id === undefined) return;
    let isWanted = true;
    addresses.get(id).then(
      (known) => {
        if (!isWanted) return;
        setAbsent(false);
        setUrl(known);
      },
      () => isWanted && setAbsent(true),
    );
    return () => {
      isWanted = false;
    };
  }, [addresses, id, failures, isOnline]);
  const onError = (): void => {
    if (id === undefined || url === undefined) return;
    addresses.forget(id, url);
    if (failures < most) setFailures(failures + 1);
    else setAbsent(true);
  };
  return { url: id === undefined ? undefined : url, onError, isAbsent };
}
