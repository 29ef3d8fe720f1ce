import { expect, test } from "bun:test";
import { PasswordRules } from "./password-rules.ts";

const ada = { username: "ada.lovelace-1815", email: "countess.ada@example.org" };

test("a password must be long enough and none that is guessed first, and needs nothing else", async () => {
  const rules = await PasswordRules.load(12);
  const complaint = (password: string) => rules.complaint(password, ada);
  for (const good of ["correct horse battery", "all lower case words", "👋👋👋🎉🎈🎂🍰🥂🍾🎁🎀🪅"]) {
    expect(complaint(good)).toBeUndefined();
  }
  expect(complaint("elevenchars")).toContain("at least 12 characters");
  for (const common of ["qwerty123456", "1QAZ2wsx3edc", "passwordpassword", "aaaaaaaaaaaa", "123412341234"]) {
    expect(complaint(common)).toContain("guessed first");
  }
  for (const own of ["Ada.Lovelace-1815", "countess.ada@EXAMPLE.org", "Countess.Ada"]) {
    expect(complaint(own)).toContain("your name");
  }
  expect((await PasswordRules.load(8)).complaint("iloveyou", ada)).toContain("guessed first");
});
