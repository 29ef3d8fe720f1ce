import { useEffect, useState } from "react";

/** The secret of the mailed link that led here; it does not stay in the address. */
export function useMailedToken(): string {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  useEffect(() => history.replaceState(null, "", location.pathname), []);
  return token;
}
