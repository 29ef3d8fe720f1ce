import type { Attachment } from "@hubbub/contract";
import { lazy, Suspense, useCallback, useState } from "react";
import { FileCard } from "./file-card.tsx";
import { kindOf } from "./kinds.ts";
import { PictureGrid } from "./picture-grid.tsx";
import { Player } from "./player.tsx";

const Lightbox = lazy(() => import("./lightbox.tsx").then(({ Lightbox: component }) => ({ default: component })));

/** What a message carries besides its words: pictures, then what is played, then files. */
export function MessageMedia({ media }: { readonly media: readonly Attachment[] }) {
  const [shown, setShown] = useState<number>();
  const close = useCallback(() => setShown(undefined), []);
  const pictures = media.filter((medium) => kindOf(medium) === "picture");
  const others = media.filter((medium) => kindOf(medium) !== "picture");
  return (
    <div className="mt-1 mb-0.5 flex flex-col items-start gap-1.5">
      {pictures.length > 0 && <PictureGrid pictures={pictures} onOpen={setShown} />}
      {others.map((medium) =>
        kindOf(medium) === "file" ? (
          <FileCard key={medium.id} file={medium} />
        ) : (
          <Player key={medium.id} medium={medium} />
        ),
      )}
      {shown !== undefined && (
        <Suspense>
          <Lightbox pictures={pictures} first={shown} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
