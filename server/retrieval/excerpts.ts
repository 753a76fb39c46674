/** What an answer is written from: the best passages of the documents, put together again where they touch. */
import { areNearDuplicates, shinglesOf } from './near-duplicates.ts';
import type { RetrievedPassage } from './retriever.ts';

/** Why a passage is in no excerpt, by its id. */
type LeftOut = Map<number, 'near_duplicate' | 'over_excerpt_budget'>;

/** A stretch of a document: passages that follow each other without a gap. */
export type Excerpt = {
  /** In reading order. */
  passages: RetrievedPassage[];
  /** The passage with the highest score. */
  best: RetrievedPassage;
  start: number;
  end: number;
  /** The version's text from start to end. */
  text: string;
};

type Options = {
  /** UTF-16 units of all excerpts together; the first passage is taken whatever its length. */
  maxCharacters: number;
  /** The question asks for several documents: no document takes the place of all others. */
  isDiverse: boolean;
};

/** What a further passage of the same document counts, when the question asks for several documents. */
const SAME_DOCUMENT = 0.9;

/**
 * Chooses passages by rank until the room is full and merges those that touch.
 *
 * @param passages best first
 * @returns excerpts in the order of their best passage, and why the other passages are in none.
 */
export function composeExcerpts(
  passages: RetrievedPassage[],
  options: Options,
): { excerpts: Excerpt[]; leftOut: LeftOut } {
  const { chosen, leftOut } = choose(passages, options);
  return { excerpts: joinNeighbours(chosen), leftOut };
}

/** Passages that follow each other without a gap become one excerpt. */
function joinNeighbours(chosen: RetrievedPassage[]): Excerpt[] {
  const runs: RetrievedPassage[][] = [];
  const inReadingOrder = chosen.toSorted((a, b) => a.versionId - b.versionId || a.ordinal - b.ordinal);
  for (const passage of inReadingOrder) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const touches = last?.versionId === passage.versionId && last.ordinal + 1 === passage.ordinal;
    if (run && touches) run.push(passage);
    else runs.push([passage]);
  }
  const rankOf = new Map(chosen.map((passage, rank) => [passage, rank]));
  const rank = (passage: RetrievedPassage) => rankOf.get(passage) ?? 0;
  return runs
    .map(run =>
      toExcerpt(
        run.toSorted((a, b) => rank(a) - rank(b)),
        run,
      ),
    )
    .toSorted((a, b) => rank(a.best) - rank(b.best));
}

function toExcerpt([best]: RetrievedPassage[], run: RetrievedPassage[]): Excerpt {
  const [first] = run;
  const last = run.at(-1);
  if (!best || !first || !last) throw new Error('an excerpt has at least one passage');
  return {
    passages: run,
    best,
    start: first.start,
    end: last.end,
    text: run.map(({ text }) => text).join(''),
  };
}

function choose(passages: RetrievedPassage[], { maxCharacters, isDiverse }: Options) {
  const waiting = passages.map((passage, rank) => ({ passage, shingles: shinglesOf(passage.text), rank }));
  const chosen: typeof waiting = [];
  const leftOut: LeftOut = new Map();
  const perDocument = new Map<number, number>();
  const worth = ({ passage }: (typeof waiting)[number]) =>
    passage.score * (isDiverse ? SAME_DOCUMENT ** (perDocument.get(passage.documentId) ?? 0) : 1);
  let characters = 0;
  while (waiting.length > 0) {
    const best = isDiverse ? waiting.reduce((a, b) => (worth(b) > worth(a) ? b : a)) : waiting[0];
    if (!best) break;
    waiting.splice(waiting.indexOf(best), 1);
    if (chosen.some(({ shingles }) => areNearDuplicates(shingles, best.shingles))) {
      leftOut.set(best.passage.passageId, 'near_duplicate');
      continue;
    }
    if (chosen.length > 0 && characters + best.passage.text.length > maxCharacters) {
      for (const { passage } of [best, ...waiting]) leftOut.set(passage.passageId, 'over_excerpt_budget');
      break;
    }
    chosen.push(best);
    characters += best.passage.text.length;
    const { documentId } = best.passage;
    perDocument.set(documentId, (perDocument.get(documentId) ?? 0) + 1);
  }
  return { chosen: chosen.map(({ passage }) => passage), leftOut };
}

const comparing =
  /\b(compar\w*|versus|vs\.?|differ\w*|contrast\w*|both|each of|across (all|the|documents)|unterschied\w*|unterscheid\w*|vergleich\w*|verglichen|diferenc\w*|différ\w*|différence\w*|contrairement|confront\w*|differenz\w*)(?![\p{L}\p{N}])|比较|区别|違い|比較|비교|차이|сравн|отлич/iu;

/** Whether the question asks for several documents: "compare", "difference", "both". */
export const asksForSeveral = (question: string): boolean => comparing.test(question);
