import { expect, test } from "bun:test";
import { seededRandom, testSeed } from "../../../../server/src/testing/seeded-random.ts";
import { centred, mostZoom, moved, squareOf } from "./crop.ts";

test("the middle of a picture is what is cut out first", () => {
  expect(squareOf({ width: 400, height: 300 }, centred)).toEqual({ left: 50, top: 0, side: 300 });
  expect(squareOf({ width: 400, height: 300 }, { ...centred, zoom: 2 })).toEqual({ left: 125, top: 75, side: 150 });
});

test("however it is dragged and zoomed, the square stays within the picture, and comes back as it went", () => {
  const random = seededRandom(testSeed());
  for (let run = 0; run < 500; run++) {
    const size = { width: 1 + Math.floor(random() * 4000), height: 1 + Math.floor(random() * 4000) };
    let crop = centred;
    for (let step = 0; step < 10; step++) {
      crop = { ...crop, zoom: 1 + random() * (mostZoom - 1) };
      crop = moved(size, crop, random() * 4 - 2, random() * 4 - 2);
      const { left, top, side } = squareOf(size, crop);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(-1e-6);
      expect(left + side).toBeLessThanOrEqual(size.width + 1e-6);
      expect(top + side).toBeLessThanOrEqual(size.height + 1e-6);
    }
    // who dragged against the edge does not drag the way back in vain
    const back = moved(size, moved(size, { ...crop, x: 0, zoom: 2 }, -5, 0), 0.1, 0);
    const side = Math.min(size.width, size.height) / 2;
    if (size.width - side > side * 0.1) expect(squareOf(size, back).left).toBeCloseTo(side * 0.1, 6);
  }
});
