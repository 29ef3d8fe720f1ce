import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { hueOf } from "./hue.ts";

const sizes = {
  tiny: "size-5 rounded-small text-[0.625rem]",
  small: "size-7 rounded-medium text-caption",
  medium: "size-9 rounded-medium text-small",
  large: "size-11 rounded-medium text-body",
  huge: "size-16 rounded-medium text-title",
} as const;

interface AvatarProps {
  readonly name: string;
  /** Decides the colour. */
  readonly colorKey: string;
  readonly size?: keyof typeof sizes;
  /** In the place of the initials. */
  readonly icon?: ReactNode;
}

/** Initials, or an icon, on a colour of their own. Decorative: the name stands beside it. */
export function Avatar({ name, colorKey, size = "medium", icon }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      data-hue={hueOf(colorKey)}
      className={classNames(
        "tinted inline-flex shrink-0 select-none items-center justify-center font-semibold",
        sizes[size],
      )}
    >
      {icon ?? initialsOf(name)}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
