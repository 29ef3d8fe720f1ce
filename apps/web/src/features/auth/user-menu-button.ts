/** The same before and after the menu behind it is loaded. */
export const userMenuButton = {
  type: "button",
  "aria-label": "Account and appearance",
  "aria-haspopup": "menu",
  className: "flex size-10 items-center justify-center rounded-medium hover:bg-hover",
} as const;
