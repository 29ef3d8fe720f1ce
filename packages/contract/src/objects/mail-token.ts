import { opaqueText } from "../text.ts";

/** From a link in a mail, where it stands behind `#token=`: browsers send that to nobody. */
export const mailToken = opaqueText(128).min(1);
