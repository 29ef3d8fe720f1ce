import type { HubbubError } from "@hubbub/client";

/** What a refusal means where it is about another person; undefined where the server's own sentence says it best. */
export function refusalText({ code }: HubbubError): string | undefined {
  switch (code) {
    case "NOT_FOUND":
      return "Nobody here has this name. Check the spelling.";
    case "ALREADY_FRIENDS":
      return "You are friends already.";
    case "ALREADY_REQUESTED":
      return "You have asked already. They have not answered, or said no a short while ago.";
    case "CANNOT_BEFRIEND_SELF":
      return "That is you.";
    case "FORBIDDEN":
    case "RECIPIENT_UNAVAILABLE":
      return "This person takes no messages from you.";
    case "RATE_LIMITED":
      return "That was a lot at once. Wait a moment and try again.";
    case "QUOTA_EXCEEDED":
      return "Too many requests wait for an answer. Withdraw some first.";
    case "NETWORK":
      return "The server cannot be reached. Nothing was changed.";
    default:
      return undefined;
  }
}
