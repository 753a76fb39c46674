import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import decodeQr from 'qr/decode.js';

/** A camera needs more than one pixel for a module. */
const SCALE = 8;

/** The text of a code that is drawn as an SVG of squares, read as a camera reads it. */
export async function readQrCode(image: Locator): Promise<string> {
  const side = Number((await image.getAttribute('viewBox'))?.split(' ')[2]);
  const path = (await image.locator('path').getAttribute('d')) ?? '';
  const dark = new Set([...path.matchAll(/M(\d+),(\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
  assert.ok(dark.size > 0);
  const width = side * SCALE;
  const pixels = Array.from({ length: width * width }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)].map(place => Math.floor(place / SCALE));
    return dark.has(`${x},${y}`) ? [0, 0, 0, 255] : [255, 255, 255, 255];
  });
  return decodeQr({ width, height: width, data: Uint8Array.from(pixels.flat()) });
}
