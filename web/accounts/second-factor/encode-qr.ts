import { errorCorrection } from './reed-solomon.ts';

/** Of the level M, which mends 15 %, for the versions 1 to 20 (ISO/IEC 18004, table 9). */
const CORRECTION_PER_BLOCK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Any of the eight can be read. The one that looks best need not be sought for a code on a screen. */
const MASK = 0;
const isMasked = (x: number, y: number) => (x + y) % 2 === 0;

export type QrCode = { size: number; isDark: (x: number, y: number) => boolean };

/**
 * A QR code of the text's UTF-8 bytes, at the level M.
 *
 * @throws RangeError when the text is longer than 666 bytes.
 */
export function encodeQr(text: string): QrCode {
  const bytes = [...new TextEncoder().encode(text)];
  const version = BLOCKS.findIndex((_, at) => bytes.length + headerBytes(at + 1) <= dataCapacity(at + 1)) + 1;
  if (version === 0) throw new RangeError(`${bytes.length} bytes are too many for a QR code.`);
  const grid = createGrid(version);
  drawFunctionPatterns(grid, version);
  drawCodewords(grid, interleave(toDataCodewords(bytes, version), version));
  return { size: grid.size, isDark: (x, y) => grid.dark.has(keyOf(x, y)) };
}

/** Modules that are dark, and those that hold no data. */
type Grid = { size: number; dark: Set<number>; reserved: Set<number> };

const keyOf = (x: number, y: number) => y * 256 + x;
const createGrid = (version: number): Grid => ({
  size: 17 + 4 * version,
  dark: new Set(),
  reserved: new Set(),
});

function reserve({ dark, reserved }: Grid, x: number, y: number, isDark: boolean): void {
  reserved.add(keyOf(x, y));
  if (isDark) dark.add(keyOf(x, y));
  else dark.delete(keyOf(x, y));
}

/** Modules for data and correction, in bits. */
function moduleCount(version: number): number {
  let count = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const alignments = Math.floor(version / 7) + 2;
    count -= (25 * alignments - 10) * alignments - 55;
    if (version >= 7) count -= 36;
  }
  return count;
}

const codewordCount = (version: number) => Math.floor(moduleCount(version) / 8);
const blocksOf = (version: number) => BLOCKS[version - 1] ?? 0;
const correctionOf = (version: number) => CORRECTION_PER_BLOCK[version - 1] ?? 0;
const dataCapacity = (version: number) => codewordCount(version) - blocksOf(version) * correctionOf(version);
/** Four bits say that bytes follow, 8 or 16 how many. */
const lengthBits = (version: number) => (version < 10 ? 8 : 16);
const headerBytes = (version: number) => Math.ceil((4 + lengthBits(version)) / 8);

function toDataCodewords(bytes: number[], version: number): number[] {
  const bits: number[] = [];
  const append = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1);
  };
  append(0b0100, 4);
  append(bytes.length, lengthBits(version));
  for (const byte of bytes) append(byte, 8);
  const capacity = dataCapacity(version);
  append(0, Math.min(4, capacity * 8 - bits.length));
  append(0, (8 - (bits.length % 8)) % 8);
  const codewords: number[] = [];
  for (let at = 0; at < bits.length; at += 8)
    codewords.push(bits.slice(at, at + 8).reduce((byte, bit) => byte * 2 + bit, 0));
  for (let pad = 0xec; codewords.length < capacity; pad ^= 0xec ^ 0x11) codewords.push(pad);
  return codewords;
}

/** Blocks with their correction, one codeword of each in turn: a stain then hurts each of them a little. */
function interleave(data: number[], version: number): number[] {
  const count = blocksOf(version);
  const correction = correctionOf(version);
  const longest = Math.ceil(codewordCount(version) / count) - correction;
  const shortBlocks = (count - (codewordCount(version) % count)) % count;
  const shortest = shortBlocks === 0 ? longest : longest - 1;
  let start = 0;
  const blocks = Array.from({ length: count }, (_, at) => {
    const block = data.slice(start, start + (at < shortBlocks ? shortest : longest));
    start += block.length;
    return { block, mending: errorCorrection(block, correction) };
  });
  const inTurn = (length: number, pick: (one: (typeof blocks)[number], at: number) => number | undefined) =>
    Array.from({ length }, (_, at) => blocks.map(one => pick(one, at)))
      .flat()
      .filter(codeword => codeword !== undefined);
  return [
    ...inTurn(longest, ({ block }, at) => block[at]),
    ...inTurn(correction, ({ mending }, at) => mending[at]),
  ];
}

function drawFunctionPatterns(grid: Grid, version: number): void {
  const { size } = grid;
  for (let at = 0; at < size; at++) {
    reserve(grid, 6, at, at % 2 === 0);
    reserve(grid, at, 6, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawFinder(grid, x, y);
  const places = alignmentPlaces(version);
  const last = places.length - 1;
  for (const [row, y] of places.entries())
    for (const [column, x] of places.entries()) {
      const isInCorner = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
      if (!isInCorner) drawAlignment(grid, x, y);
    }
  drawFormat(grid);
  if (version >= 7) drawVersion(grid, version);
}

function drawFinder(grid: Grid, centreX: number, centreY: number): void {
  for (let dy = -4; dy <= 4; dy++)
    for (let dx = -4; dx <= 4; dx++) {
      const [x, y] = [centreX + dx, centreY + dy];
      const distance = Math.max(Math.abs(dx), Math.abs(dy));
      if (x >= 0 && x < grid.size && y >= 0 && y < grid.size)
        reserve(grid, x, y, distance !== 2 && distance !== 4);
    }
}

function drawAlignment(grid: Grid, centreX: number, centreY: number): void {
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++)
      reserve(grid, centreX + dx, centreY + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
}

function alignmentPlaces(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const last = version * 4 + 10;
  const others = Array.from({ length: count - 1 }, (_, at) => last - at * step);
  return [6, ...others.reverse()];
}

/** A value with its remainder behind it, so that a reader can mend it. */
function withRemainder(value: number, divisor: number, bits: number): number {
  let remainder = value;
  for (let step = 0; step < bits; step++)
    remainder = (remainder << 1) ^ ((remainder >>> (bits - 1)) * divisor);
  return (value << bits) | remainder;
}

/** Level and mask, twice. The level M is 00. */
function drawFormat(grid: Grid): void {
  const { size } = grid;
  const format = withRemainder(MASK, 0x537, 10) ^ 0x5412;
  const bit = (at: number) => ((format >>> at) & 1) === 1;
  for (let at = 0; at <= 5; at++) reserve(grid, 8, at, bit(at));
  reserve(grid, 8, 7, bit(6));
  reserve(grid, 8, 8, bit(7));
  reserve(grid, 7, 8, bit(8));
  for (let at = 9; at < 15; at++) reserve(grid, 14 - at, 8, bit(at));
  for (let at = 0; at < 8; at++) reserve(grid, size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at++) reserve(grid, 8, size - 15 + at, bit(at));
  reserve(grid, 8, size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  const value = withRemainder(version, 0x1f25, 12);
  for (let at = 0; at < 18; at++) {
    const isDark = ((value >>> at) & 1) === 1;
    const [far, near] = [grid.size - 11 + (at % 3), Math.floor(at / 3)];
    reserve(grid, far, near, isDark);
    reserve(grid, near, far, isDark);
  }
}

/** In columns of two from the right, upwards and downwards in turn. */
function drawCodewords({ size, dark, reserved }: Grid, codewords: number[]): void {
  let at = 0;
  let isUpwards = true;
  for (let right = size - 1; right >= 1; right -= 2, isUpwards = !isUpwards) {
    if (right === 6) right = 5; // The column of the timing pattern.
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = isUpwards ? size - 1 - step : step;
        if (reserved.has(keyOf(x, y))) continue;
        const bit = ((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
        at++;
        if ((bit === 1) !== isMasked(x, y)) dark.add(keyOf(x, y));
      }
  }
}
