import { readConfig } from '../server/config.ts';
import { createDocumentSplitter } from '../server/documents/document-splitter.ts';
import type { File } from './texts.ts';

export type SplitFile = {
  file: File;
  /** Each with its prefix, as the server embeds it. */
  passages: string[];
};

/** Cuts the files into passages as the server does. */
export async function splitFiles(files: File[]): Promise<SplitFile[]> {
  const { embeddingModelPath, chunkSize, chunkOverlap } = readConfig({}, { envFile: '' });
  const splitter = createDocumentSplitter({ modelFolder: embeddingModelPath, chunkSize, chunkOverlap });
  try {
    const splits = files.map(async file => {
      const { passages, prefix } = await splitter.split({ text: file.text, filename: file.name });
      return {
        file,
        passages: passages.map(({ start, end }) => prefix + file.text.slice(start, end).trim()),
      };
    });
    return await Promise.all(splits);
  } finally {
    await splitter.close();
  }
}
