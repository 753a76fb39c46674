import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { segmentSentences } from '../../server/embedding/segment-sentences.ts';
import { CodePoints } from '../data-sets/code-points.ts';
import { DataSetError, type Span } from '../data-sets/data-set.ts';
import { readJsonLines, readText } from '../data-sets/read-lines.ts';
import { changeNumber } from './change-number.ts';
import { type CitationCase, type Half, halfOf } from './citation-case.ts';
import { stateAnswer } from './state-answer.ts';

export type CitationSet = { name: string; cases: (CitationCase & { half: Half })[] };

const document = z.object({
  _id: z.string(),
  title: z.string().default(''),
  text: z.string(),
  doc: z.string().optional(),
});
type Document = z.infer<typeof document>;
const claim = z.object({ _id: z.string(), text: z.string() });
const evidence = z.object({
  query: z.string(),
  doc: z.string(),
  label: z.enum(['SUPPORT', 'CONTRADICT']),
  sentences: z.array(z.number().int().nonnegative()),
});
const question = z.object({
  _id: z.string(),
  text: z.string(),
  answers: z.array(z.string()).default([]),
  answer_spans: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});

/**
 * Claims with what they cite, from a folder with corpus.jsonl and queries.jsonl: either with evidence.jsonl (as
 * SciFact), or with answers (as SQuAD) and qrels.tsv.
 *
 * @throws DataSetError
 */
export async function readCitationCases(folder: string): Promise<CitationSet> {
  const path = resolve(folder);
  const corpus = await readJsonLines(join(path, 'corpus.jsonl'), document);
  const cases = existsSync(join(path, 'evidence.jsonl'))
    ? await readClaims(path, corpus)
    : await readAnswers(path, corpus);
  if (cases.length === 0) throw new DataSetError(`${folder}: there is neither evidence.jsonl nor an answer.`);
  return { name: basename(path), cases };
}

/** How many texts beside the cited one. */
const OTHERS = 4;

const following = (corpus: Document[], index: number, count: number) =>
  Array.from({ length: count }, (_, step) => corpus[(index + 1 + step) % corpus.length]).flatMap(
    one => one ?? [],
  );

async function readClaims(path: string, corpus: Document[]): Promise<CitationSet['cases']> {
  const claims = new Map(
    (await readJsonLines(join(path, 'queries.jsonl'), claim)).map(one => [one._id, one.text]),
  );
  const indexOf = new Map(corpus.map(({ _id }, index) => [_id, index]));
  const lines = (await readText(join(path, 'evidence.jsonl'))).split('\n').filter(line => line.trim() !== '');
  const pairs = Map.groupBy(
    lines.map(line => evidence.parse(JSON.parse(line))),
    ({ query, doc }) => `${query} ${doc}`,
  );
  return [...pairs.values()].flatMap(rows => {
    const [first] = rows;
    const index = indexOf.get(first?.doc ?? '') ?? -1;
    const text = corpus[index]?.text;
    const stated = claims.get(first?.query ?? '');
    if (!first || text === undefined || stated === undefined)
      throw new DataSetError(`${path}/evidence.jsonl: ${first?.query} or ${first?.doc} is not in the set.`);
    const sentences = segmentSentences(text);
    const rationale = rows.flatMap(row => row.sentences).flatMap(at => sentences[at] ?? []);
    const others = following(corpus, index, OTHERS + 1).map(one => one.text);
    const half = halfOf(first.query);
    const one = { claim: stated, half };
    const isSupport = first.label === 'SUPPORT';
    const [wrong = '', ...rest] = others;
    return [
      {
        ...one,
        id: `${first.query} ${first.doc}`,
        cited: text,
        others: others.slice(1),
        support: isSupport ? rationale.map(({ start, end }) => trimmed(text, start, end)) : [],
        kind: isSupport ? ('supported' as const) : ('contradicted' as const),
      },
      {
        ...one,
        id: `${first.query} not ${first.doc}`,
        cited: wrong,
        others: [text, ...rest.slice(1)],
        support: [],
        kind: 'elsewhere' as const,
      },
    ];
  });
}

function trimmed(text: string, start: number, end: number): Span {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

async function readAnswers(path: string, corpus: Document[]): Promise<CitationSet['cases']> {
  const indexOf = new Map(corpus.map(({ _id }, index) => [_id, index]));
  const judged = (await readText(join(path, 'qrels.tsv'))).split('\n').map(line => line.split('\t'));
  const documentOf = new Map(judged.map(([query, doc]) => [query ?? '', indexOf.get(doc ?? '') ?? -1]));
  const questions = (await readJsonLines(join(path, 'queries.jsonl'), question)).filter(
    ({ _id, answers }) => answers.length > 0 && (documentOf.get(_id) ?? -1) >= 0,
  );
  return questions.flatMap((asked, at) => {
    const index = documentOf.get(asked._id) ?? -1;
    const paragraph = corpus[index];
    const [answer = ''] = asked.answers;
    if (!paragraph) return [];
    const support = supportOf(paragraph.text, asked);
    if (support.length === 0) return [];
    const [wrong, ...others] = following(corpus, index, OTHERS + 1).map(one => one.text);
    const base = {
      cited: paragraph.text,
      others,
      half: halfOf(paragraph.doc ?? (paragraph.title || paragraph._id)),
      support: [],
    };
    const stated = stateAnswer(asked.text, answer);
    const other = changeNumber(stated, paragraph.text);
    const swapped = otherAnswer(questions, at, documentOf, asked);
    return [
      { ...base, id: asked._id, claim: stated, support, kind: 'supported' as const },
      {
        ...base,
        id: `${asked._id} elsewhere`,
        claim: stated,
        cited: wrong ?? '',
        others: [paragraph.text, ...others.slice(1)],
        kind: 'elsewhere' as const,
      },
      ...(other === undefined
        ? []
        : [{ ...base, id: `${asked._id} number`, claim: other, kind: 'other number' as const }]),
      ...(swapped === undefined
        ? []
        : [
            {
              ...base,
              id: `${asked._id} answer`,
              claim: stateAnswer(asked.text, swapped),
              kind: 'other answer' as const,
            },
          ]),
    ];
  });
}

/** Where the answer stands; in sets without offsets everywhere. */
function supportOf(text: string, { answers, answer_spans }: z.infer<typeof question>): Span[] {
  if (answer_spans) {
    const points = new CodePoints(text);
    return answer_spans.map(span => points.toSpan(span));
  }
  return answers.flatMap(answer => placesOf(text, answer));
}

/** The answer of the next question about the same text that is another one. */
function otherAnswer(
  questions: z.infer<typeof question>[],
  at: number,
  documentOf: Map<string, number>,
  asked: z.infer<typeof question>,
): string | undefined {
  const own = documentOf.get(asked._id);
  const near = questions.slice(Math.max(0, at - 5), at + 6).filter(one => documentOf.get(one._id) === own);
  const lower = asked.answers.map(answer => answer.toLowerCase());
  const isOther = (answer: string) => !lower.some(one => one.includes(answer) || answer.includes(one));
  return near
    .map(({ answers }) => answers[0] ?? '')
    .find(answer => answer !== '' && isOther(answer.toLowerCase()));
}

function placesOf(text: string, part: string): Span[] {
  const places: Span[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    places.push({ start: at, end: at + part.length });
  return places;
}
