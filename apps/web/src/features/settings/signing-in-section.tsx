import { LinkedAccountsPart } from "./linked-accounts-part.tsx";
import { PasskeysPart } from "./passkeys-part.tsx";

/** The ways in beside the password. */
export function SigningInSection() {
  return (
    <div className="flex flex-col gap-8">
      <PasskeysPart />
      <LinkedAccountsPart />
    </div>
  );
}
