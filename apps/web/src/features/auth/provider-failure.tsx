import { errors, isErrorCode } from "@hubbub/contract";
import { ErrorNotice } from "../../ui/notice.tsx";

/** Why someone has come back from a provider without a session. */
export function ProviderFailure() {
  const code = new URLSearchParams(location.search).get("signInError");
  return code === null ? null : <ErrorNotice>{signInErrorText(code)}</ErrorNotice>;
}

/** @param code as a provider's journey ended with */
export function signInErrorText(code: string): string {
  switch (code) {
    case "EMAIL_TAKEN":
      return "Your e-mail address has an account here already. Log in with its password.";
    case "UNAVAILABLE":
      return "The provider cannot be reached right now. Try again in a moment.";
    case "UNAUTHENTICATED":
      return "This sign-in took too long or was begun in another browser. Try again.";
    case "INVALID_CREDENTIALS":
      return "The provider did not confirm who you are. Try again.";
    default:
      return isErrorCode(code) ? errors[code].text : "The sign-in did not work. Try again.";
  }
}
