import { classNames } from "./class-names.ts";

const looks = {
  online: "bg-accent",
  away: "border-2 border-accent bg-surface",
  busy: "bg-danger",
} as const;

interface PresenceDotProps {
  /** Nobody who is not there has a dot. */
  readonly presence: string | undefined;
}

const isShown = (presence: string | undefined): presence is keyof typeof looks =>
  presence !== undefined && Object.hasOwn(looks, presence);

/** At the corner of an avatar, whose parent is `relative`. Read out as a word: shape and colour say it to the eye alone. */
export function PresenceDot({ presence }: PresenceDotProps) {
  if (!isShown(presence)) return null;
  return (
    <span
      role="img"
      aria-label={presence}
      className={classNames("absolute -right-0.5 -bottom-0.5 size-3 rounded-full ring-2 ring-surface", looks[presence])}
    />
  );
}
