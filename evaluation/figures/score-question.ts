import type { DataSet, Question } from '../data-sets/data-set.ts';
import { coveredShare, cutToLength, type PlacedText } from './covered-share.ts';
import { cutoffs, type FoundTarget, ndcg, recall, reciprocalRank } from './metrics.ts';

/** The figures of one question, 0 to 1. */
export type QuestionFigures = Record<string, number>;

/** A found passage; one document can stand for several of the set that have the same bytes. */
export type Hit = { documentIds: string[]; start: number; end: number };

/** Of the context whose share of the wanted text is measured, in UTF-16 units. */
export const CONTEXT_LENGTH = 5_500;

/** What a search found, best first: passages, and the excerpts that an answer would be written from. */
type Found = { hits: Hit[]; excerpts?: (Hit & { text: string })[] };

export function scoreQuestion(
  { targets }: Question,
  { hits, excerpts = [] }: Found,
  { ranks, wantsText }: Pick<DataSet, 'ranks' | 'wantsText'>,
): QuestionFigures {
  const found = ranks === 'documents' ? findDocuments(targets, hits) : findPassages(targets, hits);
  const figures: QuestionFigures = { ndcg10: ndcg(found), mrr10: reciprocalRank(found) };
  for (const cutoff of cutoffs) figures[`recall${cutoff}`] = recall(found, cutoff);
  if (wantsText) {
    const wanted = targets.flatMap(({ documentId, spans = [] }) =>
      spans.map((span): PlacedText => ({ documentId, text: '', ...span })),
    );
    const context = excerpts.map(({ documentIds, ...excerpt }) => ({
      documentId: documentIds[0] ?? '',
      ...excerpt,
    }));
    figures.wantedText5500 = coveredShare(wanted, cutToLength(context, CONTEXT_LENGTH));
  }
  return figures;
}

/** Each document stands where its best passage does. */
function findDocuments(targets: Question['targets'], hits: Hit[]): FoundTarget[] {
  const ranking = [...new Set(hits.flatMap(({ documentIds }) => documentIds))];
  return targets.map(({ gain, documentId }) => ({ gain, rank: toRank(ranking.indexOf(documentId)) }));
}

/** A target stands where the first passage does that overlaps it. */
function findPassages(targets: Question['targets'], hits: Hit[]): FoundTarget[] {
  return targets.map(({ gain, documentId, spans }) => ({
    gain,
    rank: toRank(
      hits.findIndex(
        hit =>
          hit.documentIds.includes(documentId) &&
          (spans ?? [{ start: 0, end: Number.POSITIVE_INFINITY }]).some(
            ({ start, end }) => start < hit.end && end > hit.start,
          ),
      ),
    ),
  }));
}

const toRank = (index: number) => (index < 0 ? undefined : index + 1);
