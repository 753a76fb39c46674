/** How long a large PDF takes to become text and passages, in the thread that reads documents. */
import { join } from 'node:path';
import { createDocumentReader } from '../../server/documents/reading/document-reader.ts';
import { makePdf, pdfLines } from '../../tests/files/pdf-file.ts';
import type { Measure } from '../report.ts';
import { repositoryRoot } from '../repository-root.ts';
import { makeFiles } from '../texts.ts';
import type { Sizes } from './part.ts';

const PAGES = 500;
const LINES_PER_PAGE = 50;
const LINE_CHARACTERS = 90;
const RUNS = 3;

export async function measureReading({ quick }: Sizes): Promise<Measure[]> {
  const pages = quick ? 20 : PAGES;
  const pdf = makeText(pages);
  const reader = createDocumentReader({
    modelFolder: join(repositoryRoot, 'models/all-MiniLM-L6-v2'),
    chunkSize: 512,
    chunkOverlap: 50,
    maxTextBytes: 50_000_000,
    threads: 1,
    timeoutMs: 120_000,
    maxHeapMb: 512,
  });
  try {
    const seconds: number[] = [];
    let passages = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const startedAt = performance.now();
      const read = await reader.read(
        { filename: 'pages.pdf', bytes: Uint8Array.from(pdf) },
        new AbortController().signal,
      );
      seconds.push((performance.now() - startedAt) / 1000);
      passages = read.passages.length / 4;
    }
    const note = `${(pdf.length / 1e6).toFixed(1)} MB, ${passages} passages; the slowest of ${seconds.map(one => one.toFixed(2)).join(', ')}, the first with the start of its thread`;
    return [
      { name: `a PDF of ${pages} pages`, value: Math.max(...seconds), unit: 's', goal: { atMost: 15 }, note },
    ];
  } finally {
    await reader.close();
  }
}

/** Pages of running text, as wide as a page takes. */
function makeText(pages: number): Buffer {
  const [file] = makeFiles(1, pages * LINES_PER_PAGE * LINE_CHARACTERS, { joined: 1 });
  // Helvetica of the standard encoding has no other letters.
  const text = (file?.text ?? '').replace(/[^\x20-\x7e\n]/g, ' ');
  const lines = text.match(new RegExp(`.{1,${LINE_CHARACTERS}}(?:\\s|$)`, 'g')) ?? [];
  return makePdf(
    Array.from({ length: pages }, (_, page) =>
      pdfLines(lines.slice(page * LINES_PER_PAGE, (page + 1) * LINES_PER_PAGE).map(line => line.trim())),
    ),
  );
}
