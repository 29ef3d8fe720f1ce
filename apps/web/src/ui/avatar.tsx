import { type ReactNode, useState } from "react";
import { classNames } from "./class-names.ts";
import { hueOf } from "./hue.ts";

const sizes = {
  tiny: "size-5 rounded-small text-[0.625rem]",
  small: "size-7 rounded-medium text-caption",
  medium: "size-9 rounded-medium text-small",
  large: "size-11 rounded-medium text-body",
  huge: "size-16 rounded-medium text-title",
} as const;

export type AvatarSize = keyof typeof sizes;

interface AvatarProps {
  readonly name: string;
  /** Decides the colour. */
  readonly colorKey: string;
  readonly size?: AvatarSize;
  /** In the place of the initials. */
  readonly icon?: ReactNode;
  /** The address of a picture, which covers the rest as soon as it is there. */
  readonly picture?: string | undefined;
  /** The picture could not be loaded. */
  readonly onPictureError?: () => void;
}

/** A picture, initials, or an icon, on a colour of their own. Decorative: the name stands beside it. */
export function Avatar({ name, colorKey, size = "medium", icon, picture, onPictureError }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      data-hue={hueOf(colorKey)}
      className={classNames(
        "tinted relative inline-flex shrink-0 select-none items-center justify-center overflow-hidden font-semibold",
        sizes[size],
      )}
    >
      {icon ?? initialsOf(name)}
      {picture !== undefined && <Picture key={picture} address={picture} onError={onPictureError} />}
    </span>
  );
}

function Picture({ address, onError }: { readonly address: string; readonly onError: (() => void) | undefined }) {
  const [isThere, setThere] = useState(false);
  return (
    <img
      src={address}
      alt=""
      draggable={false}
      onLoad={() => setThere(true)}
      onError={() => {
        setThere(false);
        onError?.();
      }}
      // what is behind a transparent one would shine through
      className={classNames("absolute inset-0 size-full bg-raised object-cover", !isThere && "opacity-0")}
    />
  );
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
