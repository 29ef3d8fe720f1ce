import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { useSession } from "./session.ts";
import { textOf, useFormSubmission } from "./use-form-submission.ts";
import { useMailedToken } from "./use-mailed-token.ts";

/** Where the link of a forgotten password leads. */
export function ResetPasswordView() {
  const { api } = useSession();
  const token = useMailedToken();
  const [isDone, setDone] = useState(false);
  const { errors, isBusy, onSubmit } = useFormSubmission(["token", "newPassword"], async (form) => {
    await api.call("resetPassword", { token, newPassword: textOf(form, "newPassword") });
    setDone(true);
  });
  const logIn = (
    <Link to="/login" className={textLinkClass}>
      {isDone ? "Log in" : "Back to log in"}
    </Link>
  );
  if (isDone)
    return (
      <AuthFrame title="Your password is set" footer={logIn}>
        <p role="status">All devices have been signed out. Log in with the new password.</p>
      </AuthFrame>
    );
  const isWorthless = errors.fields["token"] !== undefined;
  return (
    <AuthFrame title="Set a new password" footer={logIn}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {isWorthless && (
          <ErrorNotice>
            This link has been used, is too old, or is not whole.{" "}
            <Link to="/forgot-password" className={textLinkClass}>
              Ask for a new one
            </Link>
          </ErrorNotice>
        )}
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <TextField
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          autoFocus
          required
          error={errors.fields["newPassword"]}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="mt-2">
          Set password
        </Button>
      </form>
    </AuthFrame>
  );
}
