import { foldText } from './fold-text.ts';
import { splitIntoUnits } from './split-into-units.ts';
import { stemWord } from './stem-word.ts';
import type { Unit } from './unit.ts';

const extension = /(?<=.)\.[a-z][a-z0-9]{0,7}$/i;
/** "FY22", "H1 22", "Q3'22", "CY-21": a year of two digits after what says that it is one. */
const shortYear = /\b(FY|CY|[HQ][1-4])[\s'’-]?(\d\d)(?!\d)|(?<![\d\p{L}])['’](\d\d)(?!\d)/giu;

/**
 * Terms of a file's name, or of a question that may mention one: letters and digits split, years written out.
 * "3M_FY22_10-K.pdf" has 3, m, 3m, fy, 2022, 10, k and 10k.
 */
export function analyseName(filename: string): string[] {
  const name = filename.replace(extension, '');
  return nameUnits(name).map(unit =>
    unit.kind === 'word' ? stemWord(unit.text, null) : foldText(unit.text),
  );
}

/** The units of a name without its extension, or of a question. */
export function nameUnits(name: string): Unit[] {
  // An underscore joins a name in code, but separates words in a file's name.
  const spaced = name.replaceAll('_', ' ');
  return splitIntoUnits(
    spaced.replace(shortYear, (_, period, year, bare) => `${period ?? ''} ${century(year ?? bare)}`),
  );
}

const century = (year: string) => (Number(year) < 70 ? 20 : 19) + year;
