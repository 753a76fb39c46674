/** Real English text to ingest, the same in every run: the samples and, where they lie beside the repository,
 * the evaluation corpora. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from './repository-root.ts';

const samplesFolder = join(repositoryRoot, 'samples');
const corporaFolder = join(repositoryRoot, '../shared/evaldata');
/** Encyclopaedia, product documentation and abstracts; in this order. */
const corpora = ['squad2_dev', 'clapnq_dev', 'anthropic_docs', 'cranfield', 'scifact'];

/** What a passage of real paragraphs has on average, measured. */
export const bytesPerPassage = 672;

export type File = { name: string; text: string };

/**
 * Paragraphs without end, none like another: first those that there are, then new ones put together from
 * their sentences.
 */
function* paragraphs(): Generator<string, never> {
  const real = new Set([...corpora.flatMap(readCorpus), ...readSamples()]);
  yield* real;
  const sentences = [...real].flatMap(paragraph => paragraph.split(/(?<=[.?!]) /));
  const random = createRandom(1);
  for (;;) {
    const picked = Array.from({ length: 6 }, () => sentences[Math.floor(random() * sentences.length)]);
    yield picked.join(' ');
  }
}

type Shape = {
  /** Real paragraphs that make one of the text: 1 leaves them as they are, 5 make running prose. */
  joined: number;
};

/** Files of at most this many bytes, and at least that less a paragraph. */
export function makeFiles(count: number, sizeBytes: number, { joined }: Shape): File[] {
  const source = paragraphs();
  return Array.from({ length: count }, (_, index) => {
    const parts: string[] = [];
    let bytes = 0;
    for (;;) {
      const paragraph = Array.from({ length: joined }, () => source.next().value).join(' ');
      bytes += Buffer.byteLength(paragraph) + 2;
      if (bytes > sizeBytes) break;
      parts.push(paragraph);
    }
    return { name: `bench-${index + 1}.txt`, text: parts.join('\n\n') };
  });
}

/** About 1,000 passages in ten files make a small library. */
export const makeLibrary = (passages: number): File[] =>
  makeFiles(10, (passages / 10) * bytesPerPassage, { joined: 1 });

/** Questions of which none is like another, as many as are asked for; most are about the first texts. */
export function makeQuestions(count: number): string[] {
  const questions = new Set(corpora.slice(0, 2).flatMap(readQuestions));
  const source = paragraphs();
  while (questions.size < count) {
    questions.add(askAbout(source.next().value));
  }
  return shuffle([...questions]).slice(0, count);
}

/** Questions of which none is like another, in the words of the library's paragraphs: none of them is refused. */
export function makeLibraryQuestions(library: File[], count: number): string[] {
  const all = library.flatMap(({ text }) => text.split('\n\n'));
  const questions = new Set<string>();
  for (let from = 2; questions.size < count && from < 60; from += 10)
    for (const paragraph of all)
      if (paragraph.split(' ').length > from + 10) questions.add(askAbout(paragraph, from));
  if (questions.size < count) throw new Error(`The library gives ${questions.size} questions of ${count}.`);
  return [...questions].slice(0, count);
}

const askAbout = (paragraph: string, from = 2) =>
  `What is said about ${paragraph
    .split(' ')
    .slice(from, from + 10)
    .join(' ')}?`;

function readCorpus(name: string): string[] {
  const record = z.object({ text: z.string() });
  return readLines(join(corporaFolder, name, 'corpus.jsonl'))
    .flatMap(line => toParagraphs(record.parse(JSON.parse(line)).text))
    .filter(paragraph => paragraph.length > 100);
}

function readQuestions(name: string): string[] {
  const record = z.object({ text: z.string(), answerable: z.boolean() });
  return readLines(join(corporaFolder, name, 'queries.jsonl'))
    .map(line => record.parse(JSON.parse(line)))
    .filter(({ text, answerable }) => answerable && text.split(' ').length >= 8)
    .map(({ text }) => text);
}

function readSamples(): string[] {
  return readdirSync(samplesFolder)
    .filter(name => name.endsWith('.txt'))
    .toSorted()
    .flatMap(name => toParagraphs(readFileSync(join(samplesFolder, name), 'utf8')));
}

const toParagraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map(paragraph => paragraph.replace(/\s+/g, ' ').trim())
    .filter(paragraph => paragraph !== '');

/** None when the file is not there. */
function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The same order every time. */
function shuffle<T>(items: T[]): T[] {
  const random = createRandom(2);
  const keyed = items.map(item => ({ item, key: random() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Mulberry32: small, and good enough to pick sentences. Numbers from 0 to below 1. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
