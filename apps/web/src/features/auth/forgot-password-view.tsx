import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { useSession } from "./session.ts";
import { textOf, useFormSubmission } from "./use-form-submission.ts";

/** Says the same for every address, as the server does. */
export function ForgotPasswordView() {
  const { api } = useSession();
  const [sentTo, setSentTo] = useState<string>();
  const { errors, isBusy, onSubmit } = useFormSubmission(["email"], async (form) => {
    const email = textOf(form, "email").trim();
    await api.call("forgotPassword", { email });
    setSentTo(email);
  });
  const footer = (
    <Link to="/login" className={textLinkClass}>
      Back to log in
    </Link>
  );
  if (sentTo !== undefined)
    return (
      <AuthFrame title="Look into your mail" footer={footer}>
        <p role="status" className="break-words">
          If {sentTo} has an account here, a link to set a new password is on its way to it. Is it not there in a few
          minutes, look among the unwanted mails.
        </p>
      </AuthFrame>
    );
  return (
    <AuthFrame title="Forgot your password?" footer={footer}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          hint="The address of your account. A link to set a new password is sent to it."
          autoComplete="email"
          autoFocus
          required
          error={errors.fields["email"]}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="mt-2">
          Send the link
        </Button>
      </form>
    </AuthFrame>
  );
}
