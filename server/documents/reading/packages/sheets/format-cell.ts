import { formatPadded, type PaddedFormat, readPaddedFormat } from './padded-format.ts';

/** How a style has its numbers shown. */
export type NumberKind = 'number' | 'percent' | 'date' | 'time' | PaddedFormat;

export type CellFormats = { kinds: NumberKind[]; isDate1904: boolean };

const MILLISECONDS_PER_DAY = 86_400_000;
/** Day 0 of Excel's calendar, as far as days after its invented 29 February 1900 are concerned. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAYS_1904 = 1462;
const LAST_DAY = 2_958_466; // 9999-12-31

/** The kind of a number format: by its number where it is built in (ECMA-376 18.8.30), else by its code. */
export function kindOfFormat(id: number, code: string | undefined): NumberKind {
  if (code !== undefined) return kindOfCode(code);
  if (id === 9 || id === 10) return 'percent';
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return 'time';
  const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return isDate ? 'date' : 'number';
}

function kindOfCode(code: string): NumberKind {
  const letters = code
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
    .split(';')[0];
  if (/[yd]/i.test(letters ?? '') || /m{3,}/i.test(letters ?? '')) return 'date';
  if (/[hs]/i.test(letters ?? '')) return 'time';
  return /%/.test(letters ?? '') ? 'percent' : (readPaddedFormat(code) ?? 'number');
}

/** A stored number as a reader would have it: dates in ISO 8601, no traces of binary fractions. */
export function formatNumber(stored: string, kind: NumberKind, isDate1904: boolean): string {
  const value = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(value)) return stored;
  if (typeof kind === 'object') return formatPadded(value, kind) ?? plain(value);
  if (kind === 'percent') return `${plain(value * 100)}%`;
  if (kind === 'number' || value < 0 || value >= LAST_DAY) return plain(value);
  return kind === 'time' ? formatTime(value) : formatDate(isDate1904 ? value + DAYS_1904 : value);
}

/** Excel shows 15 digits. */
function plain(value: number): string {
  const rounded = Number(value.toPrecision(15));
  return Math.abs(rounded) >= 1e21 || Object.is(rounded, -0) ? String(rounded) : trimExponent(rounded);
}

function trimExponent(value: number): string {
  const text = String(value);
  return text.includes('e-')
    ? value
        .toFixed(20)
        .replace(/0+$/, '')
        .replace(/^-?0\.$/, text)
    : text;
}

function formatDate(serial: number): string {
  // Excel has a 29 February 1900, so days before it are counted one too low.
  const days = serial < 60 ? serial + 1 : serial;
  const milliseconds = Math.round((days * MILLISECONDS_PER_DAY) / 1000) * 1000;
  const iso = new Date(DAY_ZERO + milliseconds).toISOString().slice(0, 19);
  return iso.replace('T00:00:00', '');
}

/** Hours may exceed 24: durations are stored like times. */
function formatTime(serial: number): string {
  const seconds = Math.round(serial * 86_400);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (seconds % 60 > 0) parts.push(seconds % 60);
  return parts.map(part => String(part).padStart(2, '0')).join(':');
}
