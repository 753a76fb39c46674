import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const line = z.object({ _id: z.string(), text: z.string(), doc: z.string(), quote: z.string() });

/** Writes the questions about the samples as a data set with answer spans into the folder. */
export async function writeSampleSet(repository: string, folder: string): Promise<void> {
  const samples = join(repository, 'samples');
  await mkdir(join(folder, 'documents'), { recursive: true });
  const texts = new Map<string, string>();
  for (const name of (await readdir(samples)).filter(one => one.endsWith('.txt'))) {
    await cp(join(samples, name), join(folder, 'documents', name));
    texts.set(name.replace('.txt', ''), await readFile(join(samples, name), 'utf8'));
  }
  const questions = await readFile(join(import.meta.dirname, 'samples.jsonl'), 'utf8');
  const lines = questions
    .trim()
    .split('\n')
    .map(text => {
      const { _id, text: question, doc, quote } = line.parse(JSON.parse(text));
      const before = texts.get(doc)?.split(quote, 2) ?? [];
      if (before.length !== 2) throw new Error(`${_id}: ${doc} does not say "${quote}"`);
      // Data sets count code points.
      const start = Array.from(before[0] ?? '').length;
      return JSON.stringify({
        _id,
        text: question,
        doc,
        answer_spans: [[start, start + Array.from(quote).length]],
      });
    });
  await writeFile(join(folder, 'queries.jsonl'), `${lines.join('\n')}\n`);
}
