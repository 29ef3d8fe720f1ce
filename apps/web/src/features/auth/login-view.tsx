import type { SecondFactorChallenge } from "@hubbub/contract";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { OtherWays } from "./other-ways.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { withoutPasskeys } from "./passkeys.ts";
import { ProviderFailure } from "./provider-failure.tsx";
import { SecondStep } from "./second-step.tsx";
import { useSession } from "./session.ts";
import { textOf, useFormSubmission } from "./use-form-submission.ts";

export function LoginView() {
  const session = useSession();
  const [asked, setAsked] = useState<SecondFactorChallenge>();
  const { errors, isBusy, onSubmit } = useFormSubmission(["login", "password"], async (form) =>
    setAsked(await session.logIn(textOf(form, "login").trim(), textOf(form, "password"))),
  );
  if (asked !== undefined) return <SecondStep challenge={asked.challenge} onBack={() => setAsked(undefined)} />;
  const footer = (
    <>
      New here?{" "}
      <Link to={`/signup${location.search}`} className={textLinkClass}>
        Create an account
      </Link>
    </>
  );
  return (
    <AuthFrame title="Log in" footer={footer}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {errors.form === undefined ? <ProviderFailure /> : <ErrorNotice>{errors.form}</ErrorNotice>}
        <TextField
          label="Username or e-mail"
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          error={errors.fields["login"]}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={errors.fields["password"]}
        />
        <Link to="/forgot-password" className={`${textLinkClass} self-start text-small`}>
          Forgot your password?
        </Link>
        <Button type="submit" look="primary" isBusy={isBusy} className="mt-2">
          Log in
        </Button>
      </form>
      <OtherWays>{withoutPasskeys() === undefined ? <PasskeyButton /> : undefined}</OtherWays>
    </AuthFrame>
  );
}
