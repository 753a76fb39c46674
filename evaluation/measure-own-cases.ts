/** `lectern evaluate --own`: the cases that people have stored, asked of the running server. */
import { ApiClient, type Server } from '../cli/api-client.ts';
import type { ReportEntry } from '../contract/evaluation.ts';
import { DataSetError, type Question } from './data-sets/data-set.ts';
import { ownCases } from './figures/own-cases.ts';
import { toReportEntry } from './figures/to-report-entry.ts';
import { askQuestions, type SearchMode } from './measuring/ask-questions.ts';

type Measuring = {
  modes: SearchMode[];
  signal: AbortSignal;
  onProgress: (what: string, done: number, all: number) => void;
};

/** @throws DataSetError when no case can be asked. */
export async function measureOwnCases(
  server: Server,
  { modes, signal, onProgress }: Measuring,
): Promise<ReportEntry[]> {
  const client = new ApiClient(server, signal);
  const cases = await client.listEvaluationCases();
  // A passage that is nowhere any more can't be found: it says nothing about the search.
  const questions = cases
    .map(
      ({ id, question, passages }): Question => ({
        id: String(id),
        text: question,
        targets: passages
          .filter(({ state }) => state !== 'gone')
          .map(({ document_id, start, end, quote }) => ({
            gain: 1,
            documentId: String(document_id),
            spans: [{ start, end, text: quote }],
          })),
      }),
    )
    .filter(({ targets }) => targets.length > 0);
  if (questions.length === 0)
    throw new DataSetError(
      cases.length === 0
        ? 'There are no cases yet: POST /api/evaluation/case/ stores one (docs/evaluation.md).'
        : 'The passages of all cases are gone from the documents.',
    );
  const set = { ranks: 'passages' as const, wantsText: true, questions };
  const documents = new Set(questions.flatMap(({ targets }) => targets.map(({ documentId }) => documentId)));
  const entries: ReportEntry[] = [];
  for (const mode of modes) {
    const measured = await askQuestions(client, {
      set,
      mode,
      namesOf: documentId => [String(documentId)],
      onProgress: done => onProgress(`asking, ${mode}`, done, questions.length),
    });
    entries.push(toReportEntry({ set: ownCases, mode, documents: documents.size, ...measured }));
  }
  return entries;
}
