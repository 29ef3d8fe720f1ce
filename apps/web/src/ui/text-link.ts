/** A link within a sentence. */
export const textLinkClass = "font-medium text-accent underline underline-offset-2 hover:text-accent-strong";
