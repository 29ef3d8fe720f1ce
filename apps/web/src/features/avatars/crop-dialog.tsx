import type { NewFile } from "@hubbub/client";
import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { type Crop, centred, mostZoom, moved, type Size, squareOf } from "./crop.ts";

/** Of the picture that is made, pixels. */
const sideMade = 512;
/** Of a press of an arrow key, in parts of what is seen. */
const step = 0.05;

interface CropDialogProps {
  readonly file: File;
  readonly onDone: (picture: NewFile) => void;
  readonly onClose: () => void;
}

/** Chooses the square of a picture that stands for someone. */
export function CropDialog({ file, onDone, onClose }: CropDialogProps) {
  const picture = usePicture(file);
  const [crop, setCrop] = useState(centred);
  return (
    <Dialog title="Choose what is shown" isOpen onClose={onClose}>
      {picture === "unreadable" && <ErrorNotice>This is no picture that can be shown here.</ErrorNotice>}
      {picture === undefined && (
        <p role="status" className="flex items-center gap-2 py-4 text-small text-soft">
          <Spinner /> Opening the picture…
        </p>
      )}
      {picture !== undefined && picture !== "unreadable" && (
        <>
          <Stage picture={picture} crop={crop} onCrop={setCrop} />
          <label className="mt-4 flex items-center gap-3 text-small">
            Zoom
            <input
              type="range"
              min={1}
              max={mostZoom}
              step={0.01}
              value={crop.zoom}
              onChange={({ target }) => setCrop(moved(picture.size, { ...crop, zoom: target.valueAsNumber }, 0, 0))}
              className="h-10 flex-1 accent-accent"
            />
          </label>
          <Button
            look="primary"
            className="mt-3"
            onClick={() => void cut(picture, crop).then((bytes) => onDone({ name: "picture.jpg", bytes }))}
          >
            Use this picture
          </Button>
        </>
      )}
    </Dialog>
  );
}

interface Picture {
  readonly image: HTMLImageElement;
  readonly size: Size;
}

function usePicture(file: File): Picture | "unreadable" | undefined {
  const [picture, setPicture] = useState<Picture | "unreadable">();
  useEffect(() => {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    image.decode().then(
      () => setPicture({ image, size: { width: image.naturalWidth, height: image.naturalHeight } }),
      () => setPicture("unreadable"),
    );
    return () => URL.revokeObjectURL(image.src);
  }, [file]);
  return picture;
}

interface StageProps {
  readonly picture: Picture;
  readonly crop: Crop;
  readonly onCrop: (crop: Crop) => void;
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
};

/** What will be seen; it is dragged, or moved by the arrow keys. */
function Stage({ picture: { image, size }, crop, onCrop }: StageProps) {
  const { left, top, side } = squareOf(size, crop);
  const onKeyDown = (key: KeyboardEvent): void => {
    const by = steps[key.key];
    if (by === undefined) return;
    key.preventDefault();
    onCrop(moved(size, crop, ...by));
  };
  const onPointerMove = ({ buttons, movementX, movementY, currentTarget }: PointerEvent): void => {
    const { clientWidth } = currentTarget;
    if (buttons === 1) onCrop(moved(size, crop, -movementX / clientWidth, -movementY / clientWidth));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has fields
    <div
      role="group"
      aria-label="Drag the picture, or move it with the arrow keys"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={onPointerMove}
      className="relative mx-auto mt-3 aspect-square w-72 max-w-full cursor-grab touch-none overflow-hidden rounded-large bg-hover active:cursor-grabbing"
    >
      <img
        src={image.src}
        alt=""
        draggable={false}
        className="absolute max-w-none"
        style={{
          width: `${(size.width / side) * 100}%`,
          left: `${(-left / side) * 100}%`,
          top: `${(-top / side) * 100}%`,
        }}
      />
    </div>
  );
}

async function cut({ image, size }: Picture, crop: Crop): Promise<Blob> {
  const { left, top, side } = squareOf(size, crop);
  const canvas = document.createElement("canvas");
  canvas.width = sideMade;
  canvas.height = sideMade;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("There is no canvas");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "white"; // behind what is transparent
  pen.fillRect(0, 0, sideMade, sideMade);
  pen.drawImage(image, left, top, side, side, 0, 0, sideMade, sideMade);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  if (blob === null) throw new Error("The picture could not be made");
  return blob;
}
