import type { Provider } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { useSession } from "./session.ts";

/** The providers that a page can send people to; none until they are known. */
export function useProviders(): readonly Provider[] {
  const { api } = useSession();
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    let isWanted = true;
    api.call("listProviders", {}).then(
      ({ items }) => isWanted && setProviders(items.filter(({ flow }) => flow === "redirect")),
      () => undefined, // what else is there stays, and says what is wrong
    );
    return () => {
      isWanted = false;
    };
  }, [api]);
  return providers;
}
