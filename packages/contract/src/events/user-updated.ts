import { user } from "../objects/user.ts";

/** Someone in a conversation of yours, or you on another device, changed their profile. May be missed, may come twice. */
export const userUpdated = user;
