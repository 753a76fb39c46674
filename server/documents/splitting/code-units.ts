import {
  fitsAfter,
  type Lead,
  type PassageLimits,
  type PassageUnit,
  passageUnits,
  piecesOf,
  type Range,
  trimRange,
} from './passage-units.ts';

type Code = Range & { lead?: Lead | undefined };

/**
 * The units of a code block: the whole block where it fits in a passage, else what stands between blank
 * lines, else single lines, and a line that is too long is cut like running text.
 */
export function* codeUnits(text: string, code: Code, limits: PassageLimits): Generator<PassageUnit> {
  let { lead } = code;
  const whole = wholeUnit(text, code, lead, limits);
  if (whole) {
    yield whole;
    return;
  }
  for (const stretch of linesUpTo(text, code, /\n[^\S\n]*\n/g)) {
    const part = wholeUnit(text, stretch, lead, limits);
    if (part) yield { ...part, endsWith: stretch.end === code.end ? 'paragraph' : 'part' };
    else yield* lineUnits(text, { ...stretch, lead }, limits, stretch.end === code.end);
    lead = undefined;
  }
}

function* lineUnits(
  text: string,
  stretch: Code,
  limits: PassageLimits,
  isLast: boolean,
): Generator<PassageUnit> {
  let { lead } = stretch;
  for (const line of linesUpTo(text, stretch, /\n/g)) {
    const isEnd = line.end === stretch.end;
    const endsWith = isEnd && isLast ? 'paragraph' : isEnd ? 'part' : 'clause';
    const unit = wholeUnit(text, line, lead, limits);
    if (unit) yield { ...unit, endsWith };
    else yield* passageUnits(text, { ...line, lead, endsWith: 'part' }, limits);
    lead = undefined;
  }
}

function wholeUnit(
  text: string,
  range: Range,
  lead: Lead | undefined,
  limits: PassageLimits,
): PassageUnit | undefined {
  const pieces = piecesOf(text, range, limits);
  if (!fitsAfter(lead, range, pieces, limits)) return undefined;
  return { start: range.start, end: range.end, pieces, endsWith: 'paragraph' };
}

/** What stands between the separators, without white space around it; none of it is empty. */
function* linesUpTo(text: string, range: Range, separator: RegExp): Generator<Range> {
  let start = range.start;
  for (const found of text.slice(range.start, range.end).matchAll(separator)) {
    const content = trimRange(text, start, range.start + found.index);
    if (content) yield content;
    start = range.start + found.index + found[0].length;
  }
  const rest = trimRange(text, start, range.end);
  if (rest) yield rest;
}
