import { z } from "zod";
import { personEvent } from "../../../operations/domain-event.ts";

/** The account is no more. Its row stays without anything of the person; what else is theirs goes by this event. */
export const accountDeleted = personEvent("AccountDeleted", z.null());
/** Nobody gets in any more, or again. */
export const accountSuspensionChanged = personEvent("AccountSuspensionChanged", z.null());
