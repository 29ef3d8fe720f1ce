import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { OtherWays } from "./other-ways.tsx";
import { useSession } from "./session.ts";
import { textOf, useFormSubmission } from "./use-form-submission.ts";

const fields = ["username", "displayName", "email", "password", "setupCode", "inviteToken"] as const;

export function SignupView() {
  const session = useSession();
  const [invited] = useState(() => new URLSearchParams(location.hash.slice(1)).get("invite") ?? undefined);
  const { errors, isBusy, onSubmit } = useFormSubmission(fields, (form) => {
    const displayName = textOf(form, "displayName").trim();
    const setupCode = textOf(form, "setupCode").trim();
    const inviteToken = textOf(form, "inviteToken").trim();
    return session.signUp({
      username: textOf(form, "username").trim(),
      email: textOf(form, "email").trim(),
      password: textOf(form, "password"),
      ...(displayName !== "" && { displayName }),
      ...(setupCode !== "" && { setupCode }),
      ...(inviteToken !== "" && { inviteToken }),
    });
  });
  const footer = (
    <>
      Have an account?{" "}
      <Link to={`/login${location.search}`} className={textLinkClass}>
        Log in
      </Link>
    </>
  );
  const error = (name: (typeof fields)[number]): { readonly name: string; readonly error: string | undefined } => ({
    name,
    error: errors.fields[name],
  });
  return (
    <AuthFrame title="Create an account" footer={footer}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <TextField
          {...error("username")}
          label="Username"
          hint="3 to 32 letters, digits, dots, dashes or underscores."
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          autoFocus
          required
        />
        <TextField
          {...error("displayName")}
          label="Name"
          hint="What others see. Optional."
          autoComplete="name"
          maxLength={64}
        />
        <TextField {...error("email")} label="E-mail" type="email" autoComplete="email" required />
        <TextField {...error("password")} label="Password" type="password" autoComplete="new-password" required />
        <details
          open={invited !== undefined || errors.fields["inviteToken"] !== undefined || undefined}
          className="text-small"
        >
          <summary className="w-fit cursor-pointer rounded-small text-soft hover:text-ink">Were you invited?</summary>
          <TextField
            {...error("inviteToken")}
            className="mt-3"
            label="Invitation"
            hint="It is in the link that you were given."
            defaultValue={invited}
            autoComplete="off"
            spellCheck={false}
          />
        </details>
        <details open={errors.fields["setupCode"] !== undefined || undefined} className="text-small">
          <summary className="w-fit cursor-pointer rounded-small text-soft hover:text-ink">
            Setting up a new server?
          </summary>
          <TextField
            {...error("setupCode")}
            className="mt-3"
            label="Setup code"
            hint="From the server's log. It makes the first account the admin."
            autoComplete="off"
            spellCheck={false}
          />
        </details>
        <Button type="submit" look="primary" isBusy={isBusy} className="mt-2">
          Create account
        </Button>
      </form>
      <OtherWays />
    </AuthFrame>
  );
}
