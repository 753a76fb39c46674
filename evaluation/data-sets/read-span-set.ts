import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CodePoints } from './code-points.ts';
import { type DataSet, DataSetError, type Question, type SetDocument, type Span } from './data-set.ts';
import { readJsonLines, readText } from './read-lines.ts';

const offset = z.number().int().nonnegative();
const spanQuery = z.object({
  _id: z.string().min(1),
  text: z.string().trim().min(1),
  doc: z.string().optional(),
  answer_spans: z.array(z.tuple([offset, offset])).default([]),
  answerable: z.boolean().optional(),
});
const referenceQuery = z.object({
  _id: z.string().min(1),
  text: z.string().trim().min(1),
  corpus_id: z.string(),
  references: z.array(z.object({ content: z.string().optional(), start_index: offset, end_index: offset })),
});

/** documents/*.txt, and queries.jsonl whose spans are where the answer stands: finding one of them is enough. */
export async function readAnswerSpanSet(folder: string): Promise<DataSet> {
  const texts = await readDocuments(folder, 'documents', '.txt');
  const path = join(folder, 'queries.jsonl');
  const questions = (await readJsonLines(path, spanQuery)).flatMap((query): Question[] => {
    const { _id: id, text, doc, answer_spans, answerable } = query;
    if (answer_spans.length === 0) return answerable === false ? [{ id, text, targets: [] }] : [];
    const { documentId, toSpan } = documentOf(texts, `${path}, ${id}`, doc ?? '');
    return [{ id, text, targets: [{ gain: 1, documentId, spans: answer_spans.map(toSpan) }] }];
  });
  return {
    name: basename(folder),
    ranks: 'passages',
    wantsText: false,
    documents: [...texts.values()],
    questions,
  };
}

/** corpora/*.md, and queries.jsonl with the references that hold the answer: all of them are wanted. */
export async function readReferenceSet(folder: string): Promise<DataSet> {
  const texts = await readDocuments(folder, 'corpora', '.md');
  const path = join(folder, 'queries.jsonl');
  const questions = (await readJsonLines(path, referenceQuery))
    .filter(({ references }) => references.length > 0)
    .map(({ _id: id, text, corpus_id, references }): Question => {
      const { documentId, toSpan, content } = documentOf(texts, `${path}, ${id}`, corpus_id);
      const targets = references.map(reference => {
        const span = toSpan([reference.start_index, reference.end_index]);
        const quoted = content.slice(span.start, span.end);
        if (reference.content !== undefined && reference.content !== quoted)
          throw new DataSetError(
            `${path}, ${id}: the text at ${reference.start_index} is not the reference’s content.`,
          );
        return { gain: 1, documentId, spans: [{ ...span, text: quoted }] };
      });
      return { id, text, targets };
    });
  return {
    name: basename(folder),
    ranks: 'passages',
    wantsText: true,
    documents: [...texts.values()],
    questions,
  };
}

async function readDocuments(
  folder: string,
  subfolder: string,
  ending: string,
): Promise<Map<string, SetDocument>> {
  const names = (await readdir(join(folder, subfolder))).filter(name => name.endsWith(ending)).sort();
  if (names.length === 0)
    throw new DataSetError(`${join(folder, subfolder)}: there are no *${ending} files.`);
  const documents = new Map<string, SetDocument>();
  for (const filename of names) {
    const id = filename.slice(0, -ending.length);
    documents.set(id, { id, filename, content: await readText(join(folder, subfolder, filename)) });
  }
  return documents;
}

const codePoints = new WeakMap<SetDocument, CodePoints>();

/** The document that a question names, with or without its ending. */
function documentOf(documents: Map<string, SetDocument>, place: string, given: string) {
  const document = documents.get(given) ?? [...documents.values()].find(({ filename }) => filename === given);
  if (!document) throw new DataSetError(`${place}: there is no document ${given}.`);
  const points = codePoints.get(document) ?? new CodePoints(document.content);
  codePoints.set(document, points);
  const toSpan = (offsets: readonly [number, number]): Span => {
    try {
      return points.toSpan(offsets);
    } catch (error) {
      if (error instanceof DataSetError) throw new DataSetError(`${place}: ${error.message}.`);
      throw error;
    }
  };
  return { documentId: document.id, content: document.content, toSpan };
}
