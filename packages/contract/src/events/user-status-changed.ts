import { userStatus } from "../objects/user-status.ts";

/** To who watches the person, or views a conversation of theirs, and may see it. May be missed, may come twice. */
export const userStatusChanged = userStatus;
