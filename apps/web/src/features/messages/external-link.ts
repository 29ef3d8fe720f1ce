/** Leads out of the page, which the other side learns nothing of. */
export const externalLinkProps = {
  target: "_blank",
  rel: "noopener noreferrer",
  className: "text-accent underline underline-offset-2 hover:text-accent-strong",
} as const;
