import { HubbubError } from "@hubbub/client";
import { formatFull } from "../../ui/dates.ts";
import { PasskeyError } from "./passkeys.ts";

export interface FormErrors {
  /** By the name of the field. */
  readonly fields: Readonly<Record<string, string>>;
  /** What belongs to no field that is shown. */
  readonly form: string | undefined;
}

export const noErrors: FormErrors = { fields: {}, form: undefined };

/** Which field a code without field errors speaks of. */
const fieldOfCode: Readonly<Record<string, string>> = {
  USERNAME_TAKEN: "username",
  EMAIL_TAKEN: "email",
  INVITE_EXPIRED: "inviteToken",
};

/** Puts a refusal beside the fields it speaks of. @param shown the names of the form's fields */
export function formErrors(error: unknown, shown: readonly string[]): FormErrors {
  if (error instanceof PasskeyError) return { fields: {}, form: error.message };
  if (!(error instanceof HubbubError)) return { fields: {}, form: "Something went wrong. Try again." };
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const { path, message } of error.errors) {
    if (shown.includes(path)) fields[path] ??= sentence(message);
    else others.push(sentence(message));
  }
  const named = fieldOfCode[error.code];
  if (named !== undefined) fields[named] ??= error.detail;
  const hasFields = Object.keys(fields).length > 0;
  return { fields, form: others[0] ?? (hasFields ? undefined : sentenceOf(error)) };
}

function sentenceOf({ detail, until }: HubbubError): string {
  return until === undefined ? detail : `${sentence(detail)} Until ${formatFull(new Date(until))}.`;
}

/** Messages of fields begin in lower case, for they follow the field's name: "must be 3 to 32 …". */
function sentence(message: string): string {
  const text = message.charAt(0).toLocaleUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
