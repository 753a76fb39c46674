/** A number that may be the page's, and the line without it. */
export type PageNumber = { value: number; stem: string };

const digits = { M: 1000, D: 500, C: 100, L: 50, X: 10, V: 5, I: 1 };
const roman =
  /^(?=.)(?:M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})|m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))$/;

/** Each number of a line, also a roman one: in "Page 3 of 12" that of the page is not known. */
export function pageNumbersIn(text: string): PageNumber[] {
  return [...text.matchAll(/(?<!\p{N})\d{1,5}(?!\p{N})|(?<![\p{L}\p{N}])[ivxlcdm]{1,9}(?![\p{L}\p{N}])/giu)]
    .map(({ 0: number, index }) => ({
      value: /\d/.test(number) ? Number(number) : readRoman(number),
      stem: `${text.slice(0, index)}#${text.slice(index + number.length)}`,
    }))
    .filter(({ value }) => value > 0);
}

/** @returns 0 for what is no roman number. */
function readRoman(number: string): number {
  if (!roman.test(number)) return 0;
  const values = Object.entries(digits);
  const valueOfLetter = (letter: string | undefined) =>
    values.find(([name]) => name === letter?.toUpperCase())?.[1] ?? 0;
  return [...number].reduce((sum, letter, at) => {
    const value = valueOfLetter(letter);
    return sum + (value < valueOfLetter(number[at + 1]) ? -value : value);
  }, 0);
}
