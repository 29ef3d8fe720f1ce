import { errors, isErrorCode, type Provider } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "./session.ts";

/** The other ways in, where the server has any, under the form. */
export function ProviderButtons() {
  const session = useSession();
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    let isWanted = true;
    session.api.call("listProviders", {}).then(
      ({ items }) => isWanted && setProviders(items.filter(({ flow }) => flow === "redirect")),
      () => undefined, // the form stays, and says what is wrong
    );
    return () => {
      isWanted = false;
    };
  }, [session]);
  if (providers.length === 0) return null;
  return (
    <section aria-label="Other ways to sign in" className="mt-6 flex flex-col gap-3">
      <p aria-hidden="true" className="flex items-center gap-3 text-faint text-small">
        <span className="h-px flex-1 bg-line" /> or <span className="h-px flex-1 bg-line" />
      </p>
      {providers.map(({ id, name }) => (
        <Button key={id} onClick={() => session.leaveFor(id)}>
          Continue with {name}
        </Button>
      ))}
    </section>
  );
}

/** Why someone has come back from a provider without a session. */
export function ProviderFailure() {
  const code = new URLSearchParams(location.search).get("signInError");
  return code === null ? null : <ErrorNotice>{sentenceOf(code)}</ErrorNotice>;
}

function sentenceOf(code: string): string {
  switch (code) {
    case "EMAIL_TAKEN":
      return "Your e-mail address has an account here already. Log in with its password.";
    case "UNAVAILABLE":
      return "The provider cannot be reached right now. Try again in a moment.";
    case "UNAUTHENTICATED":
      return "This sign-in took too long or was begun in another browser. Try again.";
    case "INVALID_CREDENTIALS":
      return "The provider did not confirm who you are. Try again.";
    default:
      return isErrorCode(code) ? errors[code].text : "The sign-in did not work. Try again.";
  }
}
