import type { Citation, Source } from '../../contract/chat.ts';

const markers = /\[(\d{1,2}(?:,\s?\d{1,2})*)\]/g;

type SourceState = 'current' | 'replaced' | 'gone';

/** A passage that an answer rests on: what is marked when its citation is opened. */
export type Proof = {
  /** What [n] in the answer says. */
  number: number;
  occurrence: number;
  documentId: number;
  filename: string;
  heading: string | null;
  page: number | null;
  score: number;
  start: number;
  end: number;
  quote: string;
  /** Undefined where nothing was compared. */
  verified: boolean | undefined;
  /** Whether the document is still as it was. */
  state: SourceState;
};

type Answer = {
  content: string;
  sources: (Source & { state?: SourceState })[];
  citations?: Citation[] | undefined;
};

/** Finds what proves the citation of a source, the nth in the answer; undefined for a number that means nothing. */
type FindProof = (number: number, occurrence: number) => Proof | undefined;

/** The proofs of an answer's citations: each its own quote, or where nothing was compared the whole source. */
export function createProofs({ content, sources, citations = [] }: Answer): FindProof {
  const places = markerPlaces(content);
  return (number, occurrence) => {
    const source = sources.find(one => one.number === number);
    if (!source) return undefined;
    const at = places.get(number)?.[occurrence];
    const ofNumber = citations.filter(one => one.number === number);
    const citation =
      at === undefined ? ofNumber[0] : ofNumber.find(one => one.answer_start <= at && at < one.answer_end);
    return {
      number,
      occurrence,
      documentId: source.document_id,
      filename: source.filename,
      heading: source.heading,
      page: source.page,
      score: source.score,
      start: citation?.start ?? source.start,
      end: citation?.end ?? source.end,
      quote: citation?.quote ?? source.quote,
      verified: citation?.verified,
      state: source.state ?? 'current',
    };
  };
}

/** Where each number's markers stand in the answer, in their order. */
function markerPlaces(content: string): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const { index, 1: numbers = '' } of content.matchAll(markers))
    for (const number of numbers.split(',').map(Number))
      places.set(number, [...(places.get(number) ?? []), index]);
  return places;
}

/** The sources that the text cites, in the order of their numbers. */
export function citedNumbers(content: string): Set<number> {
  const lists = [...content.matchAll(markers)].map(([, numbers = '']) => numbers);
  return new Set(lists.flatMap(numbers => numbers.split(',').map(Number)));
}
