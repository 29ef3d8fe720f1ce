import { type FormEvent, useState } from "react";
import { type FormErrors, formErrors, noErrors } from "./form-errors.ts";

/** Runs a form once at a time, and puts what went wrong beside its fields. @param shown names of its fields */
export function useFormSubmission(shown: readonly string[], submit: (form: FormData) => Promise<void>) {
  const [errors, setErrors] = useState<FormErrors>(noErrors);
  const [isBusy, setBusy] = useState(false);
  const onSubmit = (submission: FormEvent<HTMLFormElement>): void => {
    submission.preventDefault();
    const form = submission.currentTarget;
    setErrors(noErrors);
    setBusy(true);
    submit(new FormData(form))
      .catch((error: unknown) => {
        const found = formErrors(error, shown);
        setErrors(found);
        const first = shown.find((name) => found.fields[name] !== undefined);
        const field = first === undefined ? null : form.elements.namedItem(first);
        if (field instanceof HTMLElement) field.focus();
      })
      .finally(() => setBusy(false));
  };
  return { errors, isBusy, onSubmit };
}

/** The text of a field; an absent one is empty. */
export function textOf(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === "string" ? value : "";
}
