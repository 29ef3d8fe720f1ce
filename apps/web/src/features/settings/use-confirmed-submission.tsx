import { HubbubError } from "@hubbub/client";
import { type ReactNode, useState } from "react";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useFormSubmission } from "../auth/index.ts";
import { aboutPassword } from "./about-password.ts";

/** What the server takes as a word that it is really the person; nothing where they have logged in just now. */
export interface Confirmation {
  readonly password?: string;
}

/**
 * Runs a form of something that only the person may do: where the server wants to be sure, a field for the password
 * appears, which belongs among the others.
 * @param shown names of the form's fields
 */
export function useConfirmedSubmission(
  shown: readonly string[],
  submit: (form: FormData, confirmation: Confirmation) => Promise<void>,
) {
  const [isAsked, setAsked] = useState(false);
  const submission = useFormSubmission([...shown, "password"], async (form) => {
    const password = textOf(form, "password");
    try {
      await submit(form, password === "" ? {} : { password });
      setAsked(false);
    } catch (error) {
      if (isAsked || !(error instanceof HubbubError && error.code === "FORBIDDEN"))
        throw isAsked ? aboutPassword(error, "password") : error;
      setAsked(true);
    }
  });
  const passwordField: ReactNode = isAsked && (
    <TextField
      label="Your password"
      name="password"
      type="password"
      hint="To be sure that it is you. If you have none, log out and in again first."
      autoComplete="current-password"
      autoFocus
      required
      error={submission.errors.fields["password"]}
    />
  );
  return { ...submission, passwordField };
}
