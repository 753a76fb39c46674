const grouped = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/;

/**
 * The terms of a number with points or commas. "1,000" and "1.000" are the same as "1000", "3,5" as "3.5"; a
 * version or section "3.5.1" is found by "3.5" too, and a date "17.05.2023" by its year.
 */
export function splitNumber(number: string): string[] {
  if (!/[.,]/.test(number)) return [number];
  if (grouped.test(number)) return [number.replace(/[.,]/g, '')];
  const parts = number.split(/[.,]/);
  if (parts.length > maxParts) return parts;
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('.')).slice(1);
  const years = parts.length > 2 ? parts.filter(part => /^(?:1[5-9]|20)\d\d$/.test(part)) : [];
  return [...prefixes.reverse(), ...years];
}

/** Those of an address in a network; more is a list without spaces. */
const maxParts = 6;
