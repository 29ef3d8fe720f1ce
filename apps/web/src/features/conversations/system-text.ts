import type { Role, SystemEvent, UserId } from "@hubbub/contract";

const roles: Readonly<Record<Role, string>> = { owner: "an owner", admin: "an admin", member: "a member" };

/** What happened in a conversation, in words. @param nameOf how whoever reads it calls people; "You" for themselves */
export function systemText(
  system: SystemEvent | undefined,
  senderId: UserId,
  nameOf: (id: UserId, place: "subject" | "object") => string,
): string {
  const who = nameOf(senderId, "subject");
  switch (system?.type) {
    case undefined:
      return "Something happened that a newer page can show. Reload it.";
    case "created":
      return `${who} began this conversation`;
    case "renamed":
      return `${who} changed the title to “${system.title}”`;
    case "topicChanged":
      return system.topic === null ? `${who} took the topic away` : `${who} changed the topic to “${system.topic}”`;
    case "avatarChanged":
      return `${who} changed the picture`;
    case "memberAdded":
      return `${who} added ${nameOf(system.userId, "object")}`;
    case "memberJoined":
      return `${who} joined`;
    case "memberLeft":
      return `${who} left`;
    case "memberRemoved":
      return `${who} removed ${nameOf(system.userId, "object")}`;
    case "roleChanged":
      return `${who} made ${nameOf(system.userId, "object")} ${roles[system.to]}`;
    case "messagePinned":
      return `${who} pinned a message`;
    case "settingsChanged":
      return `${who} changed the settings`;
    default:
      return system satisfies never;
  }
}
