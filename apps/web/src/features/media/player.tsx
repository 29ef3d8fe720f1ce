import type { Attachment } from "@hubbub/contract";
import { useMediaUrl } from "../chat/index.ts";
import { FileCard } from "./file-card.tsx";
import { kindOf } from "./kinds.ts";

/** A film or a sound with the browser's own controls; what it cannot play is a file. */
export function Player({ medium }: { readonly medium: Attachment }) {
  const { url, onError, isAbsent } = useMediaUrl(medium.id);
  if (isAbsent) return <FileCard file={medium} />;
  const about = { src: url, controls: true, preload: "metadata", "aria-label": medium.fileName, onError } as const;
  if (kindOf(medium) === "film")
    return (
      <video {...about} playsInline className="aspect-video w-96 max-w-full rounded-medium bg-stage object-contain" />
    );
  return (
    <figure className="w-80 max-w-full rounded-medium border border-line bg-raised p-2.5">
      <figcaption dir="auto" className="mb-1.5 truncate px-1 font-medium text-small">
        {medium.fileName}
      </figcaption>
      <audio {...about} className="h-10 w-full" />
    </figure>
  );
}
