import { KeyRound } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "./session.ts";
import { useFormSubmission } from "./use-form-submission.ts";

export function PasskeyButton() {
  const session = useSession();
  const { errors, isBusy, onSubmit } = useFormSubmission([], () => session.logInWithPasskey());
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <Button type="submit" isBusy={isBusy}>
        {!isBusy && <KeyRound size={17} />} Log in with a passkey
      </Button>
    </form>
  );
}
