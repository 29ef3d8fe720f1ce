import { useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useFormSubmission, useSession } from "../auth/index.ts";
import { aboutPassword } from "./about-password.ts";
import { Saved } from "./saved.tsx";

export function PasswordSection() {
  const { api } = useSession();
  const fields = useRef<HTMLFormElement>(null);
  const [saved, setSaved] = useState<string>();
  const { errors, isBusy, onSubmit } = useFormSubmission(["currentPassword", "newPassword"], async (form) => {
    setSaved(undefined);
    try {
      const currentPassword = textOf(form, "currentPassword");
      await api.call("changePassword", { currentPassword, newPassword: textOf(form, "newPassword") });
    } catch (error) {
      throw aboutPassword(error, "currentPassword");
    }
    fields.current?.reset();
    setSaved("Changed. Your other devices are signed out.");
  });
  return (
    <form ref={fields} onSubmit={onSubmit} className="flex flex-col gap-4">
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <TextField
        label="Present password"
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        required
        error={errors.fields["currentPassword"]}
      />
      <TextField
        label="New password"
        name="newPassword"
        type="password"
        autoComplete="new-password"
        hint="It signs out your other devices."
        required
        error={errors.fields["newPassword"]}
      />
      <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
        Change password
      </Button>
      <Saved text={saved} />
    </form>
  );
}
