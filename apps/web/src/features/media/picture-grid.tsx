import type { Attachment } from "@hubbub/contract";
import { ImageOff } from "lucide-react";
import { useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { useMediaUrl } from "../chat/index.ts";

/** The most that one picture takes, and the least, so that it can be seen and hit; pixels. */
const [most, least] = [{ width: 384, height: 320 }, 80];

interface PictureGridProps {
  readonly pictures: readonly Attachment[];
  readonly onOpen: (index: number) => void;
}

/** Pictures, each in the room that it will take: nothing moves when it comes. */
export function PictureGrid({ pictures, onOpen }: PictureGridProps) {
  const [first, ...others] = pictures;
  if (first === undefined) return null;
  if (others.length === 0)
    return (
      <div className="max-w-full" style={roomFor(first)}>
        <Picture picture={first} fit="whole" label="Open picture" onOpen={() => onOpen(0)} />
      </div>
    );
  const columns = pictures.length === 2 || pictures.length === 4 ? "max-w-80 grid-cols-2" : "max-w-96 grid-cols-3";
  return (
    <div className={classNames("grid w-full gap-1", columns)}>
      {pictures.map((picture, index) => (
        <div key={picture.id} className="aspect-square">
          <Picture
            picture={picture}
            fit="filled"
            label={`Open picture ${index + 1} of ${pictures.length}`}
            onOpen={() => onOpen(index)}
          />
        </div>
      ))}
    </div>
  );
}

/** Known before the picture is there; of a size that is not known, a square. */
export function roomFor({ width = least * 2, height = least * 2 }: Pick<Attachment, "width" | "height">) {
  const scale = Math.min(1, most.width / width, most.height / height);
  const shown = { width: Math.max(least, width * scale), height: Math.max(least, height * scale) };
  return { width: Math.round(shown.width), aspectRatio: `${Math.round(shown.width)} / ${Math.round(shown.height)}` };
}

interface PictureProps {
  readonly picture: Attachment;
  readonly fit: "whole" | "filled";
  readonly label: string;
  readonly onOpen: () => void;
}

function Picture({ picture, fit, label, onOpen }: PictureProps) {
  const { url, onError, isAbsent } = useMediaUrl(picture.id);
  const [isThere, setThere] = useState(false);
  return (
    <button
      type="button"
      aria-label={`${label}: ${picture.fileName}`}
      onClick={onOpen}
      className={classNames(
        "relative flex size-full items-center justify-center overflow-hidden rounded-medium bg-hover text-faint",
        !isThere && !isAbsent && "animate-breathe",
      )}
    >
      {isAbsent && !isThere && <ImageOff size={20} aria-hidden="true" />}
      {url !== undefined && (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setThere(true)}
          onError={onError}
          className={classNames(
            "absolute inset-0 size-full",
            fit === "whole" ? "object-contain" : "object-cover",
            !isThere && "opacity-0",
          )}
        />
      )}
    </button>
  );
}
