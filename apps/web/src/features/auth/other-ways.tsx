import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { useSession } from "./session.ts";
import { useProviders } from "./use-providers.ts";

/** The other ways in, where there are any, under the form: what is given, and the server's providers. */
export function OtherWays({ children }: { readonly children?: ReactNode }) {
  const session = useSession();
  const providers = useProviders();
  if (providers.length === 0 && children === undefined) return null;
  return (
    <section aria-label="Other ways to sign in" className="mt-6 flex flex-col gap-3">
      <p aria-hidden="true" className="flex items-center gap-3 text-faint text-small">
        <span className="h-px flex-1 bg-line" /> or <span className="h-px flex-1 bg-line" />
      </p>
      {children}
      {providers.map(({ id, name }) => (
        <Button key={id} onClick={() => session.leaveFor(id)}>
          Continue with {name}
        </Button>
      ))}
    </section>
  );
}
