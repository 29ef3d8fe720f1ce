/** Where a menu opens that has no button of its own. */
export interface MenuAnchor {
  readonly place: { readonly getBoundingClientRect: () => DOMRect };
  /** Gets the focus back afterwards. */
  readonly opener: HTMLElement;
}

/** At a button that was pressed. */
export const anchorAt = (opener: HTMLElement): MenuAnchor => ({ place: opener, opener });

/** Where the pointer asked for it, or at the element where a key did. */
export function anchorOf(
  { clientX, clientY, button }: Pick<MouseEvent, "clientX" | "clientY" | "button">,
  opener: HTMLElement,
): MenuAnchor {
  const isPointed = button === 2 || clientX !== 0 || clientY !== 0;
  if (!isPointed) return anchorAt(opener);
  return { place: { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) }, opener };
}
