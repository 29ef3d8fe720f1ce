import { GIF } from "image-size/types/gif";
import { HEIF } from "image-size/types/heif";
import type { IImage } from "image-size/types/interface";
import { JPG } from "image-size/types/jpg";
import { PNG } from "image-size/types/png";
import { WEBP } from "image-size/types/webp";

/** The first bytes of a picture: what it measures stands behind what cameras write about themselves. */
export const PICTURE_HEAD_BYTES = 512 * 1024;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const readers: Readonly<Record<string, IImage>> = {
  "image/png": PNG,
  "image/jpeg": JPG,
  "image/gif": GIF,
  "image/webp": WEBP,
  "image/avif": HEIF,
};

/** From 5 on a picture is shown turned by a quarter (Exif 2.32, 4.6.4 A). */
const FIRST_TURNED = 5;

/** Reads what a picture measures as it is shown; nothing is decoded [M9]. @returns undefined where it does not tell */
export function measurePicture(contentType: string, head: Uint8Array): PictureSize | undefined {
  const alone = head.slice(); // the reader reads on behind a view's end
  try {
    const { width, height, orientation = 1 } = readers[contentType]?.calculate(alone) ?? { width: 0, height: 0 };
    if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) return undefined;
    return orientation >= FIRST_TURNED ? { width: height, height: width } : { width, height };
  } catch {
    return undefined; // the reader throws at what is no such picture
  }
}
