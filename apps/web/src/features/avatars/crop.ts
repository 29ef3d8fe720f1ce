export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A square out of a picture. */
export interface Crop {
  /** From 1, where it takes all of the shorter side. */
  readonly zoom: number;
  /** Of its middle, from 0 to 1 of the picture. */
  readonly x: number;
  readonly y: number;
}

export const mostZoom = 4;
export const centred: Crop = { zoom: 1, x: 0.5, y: 0.5 };

/** In pixels of the picture; never beyond its edges. */
export function squareOf({ width, height }: Size, { zoom, x, y }: Crop): { left: number; top: number; side: number } {
  const side = Math.min(width, height) / Math.min(mostZoom, Math.max(1, zoom));
  const within = (middle: number, length: number): number => Math.min(length - side, Math.max(0, middle - side / 2));
  return { left: within(x * width, width), top: within(y * height, height), side };
}

/** The crop with its middle moved, by parts of the square that is seen, as far as the picture goes. */
export function moved(size: Size, crop: Crop, byX: number, byY: number): Crop {
  const { left, top, side } = squareOf(size, crop);
  const there = {
    zoom: crop.zoom,
    x: (left + side / 2 + byX * side) / size.width,
    y: (top + side / 2 + byY * side) / size.height,
  };
  const kept = squareOf(size, there);
  return { zoom: crop.zoom, x: (kept.left + side / 2) / size.width, y: (kept.top + side / 2) / size.height };
}
