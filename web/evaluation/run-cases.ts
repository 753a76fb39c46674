import type { ReportEntry } from '../../contract/evaluation.ts';
import { ownCases } from '../../evaluation/figures/own-cases.ts';
import { type QuestionFigures, scoreQuestion } from '../../evaluation/figures/score-question.ts';
import { toReportEntry } from '../../evaluation/figures/to-report-entry.ts';
import { modes, type SearchMode, type SearchResult, search } from '../api/search.ts';
import type { EvaluationCase } from './use-cases.ts';

/** Enough for every figure that is shown. */
const TOP = 20;

/** The rank at which a search finds a passage of the case, 1 for the first; undefined when not among the first. */
export type CaseRanks = { id: number } & Record<SearchMode, number | undefined>;

type Measured = { questions: Map<string, QuestionFigures>; hasEvidence: boolean[]; latenciesMs: number[] };

/**
 * Asks the searches every question, one after the other: they must not slow down who is answered meanwhile.
 *
 * @returns the figures of each kind of search, as `lectern evaluate --own` has them; nothing when no case could be asked.
 */
export async function runCases(
  cases: EvaluationCase[],
  onDone: (done: CaseRanks) => void,
): Promise<ReportEntry[]> {
  const measured = new Map<SearchMode, Measured>(
    modes.map(mode => [mode, { questions: new Map(), hasEvidence: [], latenciesMs: [] }]),
  );
  const asked = cases.filter(isFindable);
  for (const one of asked) {
    const ranks: CaseRanks = { id: one.id, hybrid: undefined, vector: undefined, lexical: undefined };
    for (const [mode, { questions, hasEvidence, latenciesMs }] of measured) {
      const { results, elapsed_ms } = await search(one.question, mode, TOP);
      questions.set(String(one.id), figuresOf(one, results));
      hasEvidence.push(results.some(({ evidence }) => evidence));
      latenciesMs.push(elapsed_ms);
      ranks[mode] = rankOf(one, results);
    }
    onDone(ranks);
  }
  if (asked.length === 0) return [];
  const documents = new Set(asked.flatMap(({ passages }) => passages.map(passage => passage.document_id)));
  return [...measured].map(([mode, { questions, hasEvidence, latenciesMs }]) =>
    toReportEntry({
      set: ownCases,
      mode,
      documents: documents.size,
      questions,
      answered: { answerable: hasEvidence, unanswerable: [] },
      latenciesMs,
    }),
  );
}

/** A passage that is nowhere any more can't be found: it says nothing about the search. */
const there = ({ passages }: EvaluationCase) => passages.filter(({ state }) => state !== 'gone');
const isFindable = (one: EvaluationCase) => there(one).length > 0;

function figuresOf(one: EvaluationCase, results: SearchResult[]): QuestionFigures {
  const targets = there(one).map(({ document_id, start, end }) => ({
    gain: 1,
    documentId: String(document_id),
    spans: [{ start, end }],
  }));
  const hits = results.map(({ document_id, start, end }) => ({
    documentIds: [String(document_id)],
    start,
    end,
  }));
  const question = { id: String(one.id), text: one.question, targets };
  return scoreQuestion(question, { hits }, { ranks: 'passages', wantsText: false });
}

function rankOf(one: EvaluationCase, results: SearchResult[]): number | undefined {
  const at = results.findIndex(result =>
    there(one).some(
      passage =>
        passage.document_id === result.document_id &&
        passage.start < result.end &&
        result.start < passage.end,
    ),
  );
  return at < 0 ? undefined : at + 1;
}
