import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { useSession } from "./session.ts";
import { textOf, useFormSubmission } from "./use-form-submission.ts";

interface SecondStepProps {
  readonly challenge: string;
  /** To the first step. */
  readonly onBack: () => void;
}

const methods = {
  code: { label: "Code", hint: "The six digits that your authenticator app shows.", other: "Use a recovery code" },
  recoveryCode: { label: "Recovery code", hint: "One that you have not used yet.", other: "Use the app" },
} as const;

/** Asks for a code after the password. */
export function SecondStep({ challenge, onBack }: SecondStepProps) {
  const session = useSession();
  const [method, setMethod] = useState<keyof typeof methods>("code");
  const { errors, isBusy, onSubmit } = useFormSubmission([method], (form) =>
    session.finishLogIn({ challenge, [method]: textOf(form, method) }),
  );
  const { label, hint, other } = methods[method];
  const footer = (
    <button type="button" onClick={onBack} className={textLinkClass}>
      Begin again
    </button>
  );
  return (
    <AuthFrame title="One more step" footer={footer}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <TextField
          key={method}
          label={label}
          hint={hint}
          name={method}
          inputMode={method === "code" ? "numeric" : "text"}
          autoComplete={method === "code" ? "one-time-code" : "off"}
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          error={errors.fields[method]}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Log in
        </Button>
        <Button look="quiet" onClick={() => setMethod(method === "code" ? "recoveryCode" : "code")}>
          {other}
        </Button>
      </form>
    </AuthFrame>
  );
}
