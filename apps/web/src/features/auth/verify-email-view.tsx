import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { useSession } from "./session.ts";
import { useFormSubmission } from "./use-form-submission.ts";
import { useMailedToken } from "./use-mailed-token.ts";

/** Where the link that proves an address leads. It waits for a press: programs that look into mails open links too. */
export function VerifyEmailView() {
  const { api } = useSession();
  const token = useMailedToken();
  const [isDone, setDone] = useState(false);
  const { errors, isBusy, onSubmit } = useFormSubmission(["token"], async () => {
    await api.call("verifyEmail", { token });
    setDone(true);
  });
  const goOn = (
    <Link to="/" className={textLinkClass}>
      Go to Hubbub
    </Link>
  );
  if (isDone)
    return (
      <AuthFrame title="Your address is confirmed" footer={goOn}>
        <p role="status">Thank you. Nothing else is to be done.</p>
      </AuthFrame>
    );
  const isWorthless = errors.fields["token"] !== undefined;
  return (
    <AuthFrame title="Confirm your e-mail address" footer={goOn}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {isWorthless && <ErrorNotice>This link has been used, is too old, or is not whole.</ErrorNotice>}
        {errors.fields["email"] !== undefined && <ErrorNotice>{errors.fields["email"]}</ErrorNotice>}
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <p>Is the address to which this link came yours, and your account&apos;s?</p>
        <Button type="submit" look="primary" isBusy={isBusy} className="mt-2">
          Confirm my address
        </Button>
      </form>
    </AuthFrame>
  );
}
