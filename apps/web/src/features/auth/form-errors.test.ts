import { expect, test } from "bun:test";
import { HubbubError } from "@hubbub/client";
import { formErrors } from "./form-errors.ts";

test("a refusal stands beside the fields it names, and what no field shows stands above the form", () => {
  const error = new HubbubError({
    code: "VALIDATION_FAILED",
    detail: "The request is not valid.",
    retryable: false,
    errors: [
      { path: "username", message: "must be 3 to 32 of a-z" },
      { path: "username", message: "second" },
      { path: "deviceId", message: "is odd" },
    ],
  });
  expect(formErrors(error, ["username"])).toEqual({
    fields: { username: "Must be 3 to 32 of a-z." },
    form: "Is odd.",
  });
});

test("a taken name belongs to its field, a wrong password to the form", () => {
  const taken = new HubbubError({ code: "USERNAME_TAKEN", detail: "This username is taken.", retryable: false });
  expect(formErrors(taken, ["username"])).toEqual({ fields: { username: "This username is taken." }, form: undefined });
  const wrong = new HubbubError({ code: "INVALID_CREDENTIALS", detail: "Wrong.", retryable: false });
  expect(formErrors(wrong, ["login"])).toEqual({ fields: {}, form: "Wrong." });
});

test("of what ends by itself the end is told, in the reader's own words for a time", () => {
  const refusal = (detail: string) => new HubbubError({ code: "FORBIDDEN", detail, retryable: false, until });
  const until = "2027-01-31T12:00:00.000Z";
  const end = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" }).format(new Date(until));
  expect(formErrors(refusal("This account is suspended: Sold watches"), []).form).toBe(
    `This account is suspended: Sold watches. Until ${end}.`,
  );
  expect(formErrors(refusal("This account is suspended."), []).form).toBe(`This account is suspended. Until ${end}.`);
});
