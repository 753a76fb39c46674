import { findQuantities } from '../../server/chat/citing/numbers/find-quantities.ts';

/** The claim with its last number in digits changed to one that the text does not have; undefined without one. */
export function changeNumber(claim: string, text: string): string | undefined {
  const last = findQuantities(claim)
    .filter(({ start, end }) => /^\d[\d.,]*$/.test(claim.slice(start, end)))
    .at(-1);
  if (!last) return undefined;
  const written = claim.slice(last.start, last.end);
  const stated = new Set(findQuantities(text).flatMap(({ values }) => values));
  for (let step = 1; step < 10; step += 1) {
    // Another first digit keeps the form: a year stays a year of four digits.
    const first = 1 + ((Number(written[0]) + step - 1) % 9);
    const changed = `${first}${written.slice(1)}`;
    const values = findQuantities(changed).flatMap(quantity => quantity.values);
    if (changed !== written && !values.some(value => stated.has(value)))
      return claim.slice(0, last.start) + changed + claim.slice(last.end);
  }
  return undefined;
}
