/**
 * How well what is searched for a follow-up question matches what a person would have written instead: each
 * question's vector is compared with the human rewrites of all questions of the set, and the rank of its own
 * counts (mean reciprocal rank). `node evaluation/follow-ups.ts DIR`, where DIR holds rewrites.jsonl of MTRAG.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Embedder } from '../server/embedding/embedder.ts';
import { createOnnxEmbedder } from '../server/embedding/onnx-embedder.ts';
import { embedSearchQuery } from '../server/retrieval/embed-search-query.ts';
import { composeSearchQuery } from '../server/retrieval/follow-up-query.ts';

const rowSchema = z.object({ all_questions: z.string(), human_rewrite: z.string() });

type Item = {
  question: string;
  /** Newest first. */
  earlier: string[];
  rewrite: string;
};

/** The texts whose vectors' mean is searched; a text listed twice counts twice. */
type Compose = (item: Item) => string[];

const times = (count: number, text: string) => new Array<string>(count).fill(text);
const newestFirst = ({ question, earlier }: Item) => [question, ...earlier].join('\n');
const oldestFirst = ({ question, earlier }: Item) => [question, ...earlier].toReversed().join('\n');
/** "What about it?": a question that points elsewhere, or says too little to stand alone. */
const pointing =
  /\b(it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|one|ones|such|same|others?|more|instead)\b|^(and|but|so|what about|how about|why)\b/i;
const standsAlone = (question: string) => !pointing.test(question) && question.split(/\s+/).length >= 6;

const variants: Record<string, Compose> = {
  'last turn': ({ question }) => [question],
  'all turns joined, oldest first': item => [oldestFirst(item)],
  'all turns joined, newest first': item => [newestFirst(item)],
  'mean of last and oldest first, 1 : 1': item => [item.question, oldestFirst(item)],
  'mean of last and oldest first, 2 : 1': item => [...times(2, item.question), oldestFirst(item)],
  'mean of last and newest first, 1 : 1': item => [item.question, newestFirst(item)],
  'mean of last and newest first, 3 : 2': item => [
    ...times(3, item.question),
    ...times(2, newestFirst(item)),
  ],
  'mean of last and newest first, 2 : 1': item => [...times(2, item.question), newestFirst(item)],
  'mean of last and newest first, 7 : 3': item => [
    ...times(7, item.question),
    ...times(3, newestFirst(item)),
  ],
  'mean of last and newest first, 3 : 1': item => [...times(3, item.question), newestFirst(item)],
  '2 : 1 with the turn before only': item => twoToOne(item, 1),
  '2 : 1 with the two turns before': item => twoToOne(item, 2),
  '2 : 1 with the three turns before': item => twoToOne(item, 3),
  '4 : 1 when it stands alone, else 2 : 1': item => [
    ...times(standsAlone(item.question) ? 4 : 2, item.question),
    newestFirst(item),
  ],
  'what Lectern does': ({ question, earlier }) => composeSearchQuery(question, earlier).embedded,
};

function twoToOne(item: Item, turns: number): string[] {
  return [...times(2, item.question), newestFirst({ ...item, earlier: item.earlier.slice(0, turns) })];
}

async function readItems(folder: string): Promise<Item[]> {
  const lines = (await readFile(join(folder, 'rewrites.jsonl'), 'utf8')).trim().split('\n');
  return lines.map(line => {
    const row = rowSchema.parse(JSON.parse(line));
    const [question = '', ...earlier] = turnsOf(row.all_questions).toReversed();
    return { question, earlier, rewrite: turnsOf(row.human_rewrite).join(' ') };
  });
}

/** `|user|: one\n|user|: two` */
function turnsOf(text: string): string[] {
  return text.split(/(?:^|\n)\|user\|: /).flatMap(turn => turn.trim() || []);
}

/** Remembers vectors: the variants embed mostly the same texts. */
function createMemory(embedder: Embedder): (text: string) => Promise<Float32Array> {
  const vectors = new Map<string, Promise<Float32Array>>();
  return text => {
    const vector = vectors.get(text) ?? embedder.embedQuestion(text);
    vectors.set(text, vector);
    return vector;
  };
}

/** 1 / rank of each item's own rewrite among all. */
function reciprocalRanks(queries: Float32Array[], rewrites: Float32Array[]): number[] {
  return queries.map((query, index) => {
    const similarities = rewrites.map(rewrite => dotProduct(query, rewrite));
    const own = similarities[index] ?? 0;
    // Equal texts have equal vectors: those tie, and a tie is no worse rank.
    return 1 / (1 + similarities.filter(similarity => similarity > own + 1e-6).length);
  });
}

const dotProduct = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, number, index) => sum + number * (b[index] ?? 0), 0);
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const shown = (numbers: number[]) => (100 * mean(numbers)).toFixed(2).padStart(7);

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(folder: string | undefined): Promise<void> {
  if (!folder) throw new Error('usage: node evaluation/follow-ups.ts DIR');
  const items = await readItems(folder);
  const embedder = await createOnnxEmbedder({
    modelFolder: resolve(import.meta.dirname, '../models/all-MiniLM-L6-v2'),
    workers: availableParallelism(),
  });
  try {
    const embed = createMemory(embedder);
    const rewrites = await Promise.all(items.map(({ rewrite }) => embed(rewrite)));
    const followUps = items.filter(({ earlier }) => earlier.length > 0).length;
    print(`Finding the human rewrite among ${items.length}, MRR; ${followUps} are follow-up questions`);
    print(`${''.padEnd(42)}     all  follow-ups`);
    for (const [name, compose] of Object.entries(variants)) {
      const queries = await Promise.all(
        items.map(item => embedSearchQuery({ texts: [], embedded: compose(item) }, embed)),
      );
      const ranks = reciprocalRanks(queries, rewrites);
      const ofFollowUps = ranks.filter((_, index) => items[index]?.earlier.length);
      print(`${name.padEnd(42)} ${shown(ranks)} ${shown(ofFollowUps)}`);
    }
  } finally {
    await embedder.close();
  }
}

if (import.meta.main) await main(process.argv[2]);
