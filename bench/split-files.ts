import { readConfig } from '../server/config.ts';
import { createDocumentReader } from '../server/documents/reading/document-reader.ts';
import type { File } from './texts.ts';

export type SplitFile = {
  file: File;
  /** Each with its prefix, as the server embeds it. */
  passages: string[];
};

/** Cuts the files into passages as the server does. */
export async function splitFiles(files: File[]): Promise<SplitFile[]> {
  const { embeddingModelPath, chunkSize, chunkOverlap } = readConfig({}, { envFile: '' });
  const reader = createDocumentReader({
    modelFolder: embeddingModelPath,
    chunkSize,
    chunkOverlap,
    maxTextBytes: Number.MAX_SAFE_INTEGER,
    threads: 1,
    timeoutMs: 600_000,
    maxHeapMb: 1_024,
  });
  try {
    const splits = files.map(async file => {
      const upload = { bytes: new TextEncoder().encode(file.text), filename: file.name };
      const { passages, sections } = await reader.read(upload, new AbortController().signal);
      const texts: string[] = [];
      for (let at = 0; at < passages.length; at += 4) {
        const [start = 0, end = 0, section = 0] = passages.subarray(at, at + 3);
        texts.push((sections[section]?.prefix ?? '') + file.text.slice(start, end).trim());
      }
      return { file, passages: texts };
    });
    return await Promise.all(splits);
  } finally {
    await reader.close();
  }
}
