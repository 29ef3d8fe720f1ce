import type { NewFile } from "@hubbub/client";
import type { MediaId } from "@hubbub/contract";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useAction, useChatStore } from "../chat/index.ts";

const CropDialog = lazy(() =>
  import("./crop-dialog.tsx").then(({ CropDialog: component }) => ({ default: component })),
);

interface PictureFieldProps {
  /** The picture as it is now, or what stands for it, where it is not shown beside already. */
  readonly face?: ReactNode;
  readonly hasPicture: boolean;
  /** Takes the new picture, or none. @throws HubbubError */
  readonly onChange: (picture: MediaId | null) => Promise<void>;
}

/** Chooses the picture of a person or a conversation, or takes it away. */
export function PictureField({ face, hasPicture, onChange }: PictureFieldProps) {
  const { media } = useChatStore();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File>();
  const take = useAction(async (picture: NewFile) => {
    const { id } = await media.upload(Promise.resolve(picture), { purpose: "avatar" }).done();
    await onChange(id);
  });
  const remove = useAction(() => onChange(null));
  const failure = take.failure ?? remove.failure;
  return (
    <div>
      <div className="flex items-center gap-4">
        {face}
        <div className="flex flex-wrap gap-2">
          <Button isBusy={take.isBusy} onClick={() => input.current?.click()}>
            {hasPicture ? "Change picture" : "Choose picture"}
          </Button>
          {hasPicture && (
            <Button look="quiet" isBusy={remove.isBusy} onClick={() => remove.run()}>
              Remove
            </Button>
          )}
        </div>
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp,image/avif"
          hidden
          aria-label="Picture"
          onChange={({ currentTarget }) => {
            setChosen(currentTarget.files?.[0]);
            currentTarget.value = ""; // the same one may be chosen again
          }}
        />
      </div>
      {failure !== undefined && (
        <div className="mt-2">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
      {chosen !== undefined && (
        <Suspense>
          <CropDialog
            file={chosen}
            onClose={() => setChosen(undefined)}
            onDone={(picture) => {
              setChosen(undefined);
              take.run(picture);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
