import { signInErrorText } from "../auth/index.ts";

/** How linking an account with a provider has ended. */
export type LinkOutcome =
  | { readonly kind: "linked"; readonly provider: string }
  | { readonly kind: "failed"; readonly why: string };

/** From the address that a provider sends the browser back to; undefined for any other. */
export function readLinkOutcome(): LinkOutcome | undefined {
  const query = new URLSearchParams(location.search);
  const [provider, code] = [query.get("linked"), query.get("signInError")];
  if (provider !== null) return { kind: "linked", provider };
  if (code === null) return undefined;
  return {
    kind: "failed",
    why:
      code === "CONFLICT"
        ? "That account is linked to someone else here, or you have one there already."
        : signInErrorText(code),
  };
}
