/** Passages a second of the raw model and of the whole ingestion, over the same passages. */
import { readConfig } from '../../server/config.ts';
import { createOnnxEmbedder } from '../../server/embedding/onnx-embedder.ts';
import { loadWordPieceTokenizer } from '../../server/embedding/word-piece-tokenizer.ts';
import { withClient } from '../api-client.ts';
import { type Ingested, ingestFiles } from '../ingest-files.ts';
import { cpuSeconds } from '../process-usage.ts';
import type { Measure } from '../report.ts';
import { withFolder, withServer } from '../server-process.ts';
import { splitFiles } from '../split-files.ts';
import { type File, makeFiles } from '../texts.ts';
import type { Sizes } from './part.ts';

const IN_FLIGHT_PER_WORKER = 4;

export async function measureEmbedding({ quick }: Sizes): Promise<Measure[]> {
  const sizeBytes = quick ? 10_000 : 250_000;
  // Running prose, whose passages are filled to about the 200 pieces that they may have.
  const files = makeFiles(8, sizeBytes, { joined: 5 });
  const passages = (await splitFiles(files)).flatMap(split => split.passages);
  const pieces = await meanPieces(passages);

  // The speed of the machine drifts, so the raw model is measured before and after.
  const rawBefore = await embedRaw(passages);
  const whole = await ingest(files);
  const rawAfter = await embedRaw(passages);
  if (whole.passages !== passages.length)
    throw new Error(`The server made ${whole.passages} passages of the texts, the bench ${passages.length}.`);
  const short = await ingest(makeFiles(8, sizeBytes / 2, { joined: 1 }));

  const raw = (rawBefore.rate + rawAfter.rate) / 2;
  const rawCpuMs = (rawBefore.cpuMs + rawAfter.cpuMs) / 2;
  const ratio = (100 * whole.passages) / whole.seconds / raw;
  const rawNote = `before ${rawBefore.rate.toFixed(1)}, after ${rawAfter.rate.toFixed(1)}; ${passages.length} passages of ${pieces.toFixed(0)} pieces on average`;
  return [
    { name: 'raw model', value: raw, unit: 'passages/s', note: rawNote },
    describeRate('whole ingestion', whole),
    { name: 'ingestion / raw', value: ratio, unit: '%', goal: { atLeast: 75 } },
    {
      name: 'processor time of a passage',
      value: whole.cpuMs,
      unit: 'ms',
      note: `raw model ${rawCpuMs.toFixed(1)}, ${((100 * rawCpuMs) / whole.cpuMs).toFixed(0)} % of it`,
    },
    {
      name: 'text ingested',
      value: megabytesPerSecond(whole),
      unit: 'MB/s',
      goal: { atLeast: 0.1 },
      note: 'reference stack 0.037',
    },
    describeRate('short paragraphs, ingestion', short),
    { name: 'short paragraphs, text ingested', value: megabytesPerSecond(short), unit: 'MB/s' },
  ];
}

function describeRate(name: string, { passages, seconds, sizeBytes }: Ingested): Measure {
  const note = `${passages} passages of ${(sizeBytes / passages).toFixed(0)} bytes on average`;
  return { name, value: passages / seconds, unit: 'passages/s', note };
}

const megabytesPerSecond = ({ sizeBytes, seconds }: Ingested) => sizeBytes / 1e6 / seconds;

type RawRun = {
  /** Passages a second. */
  rate: number;
  /** Processor time of a passage. */
  cpuMs: number;
};

/** The product's embedder with a worker per core, all kept busy. */
async function embedRaw(passages: string[]): Promise<RawRun> {
  const { embeddingModelPath: modelFolder, embeddingWorkers: workers } = readConfig({}, { envFile: '' });
  const embedder = await createOnnxEmbedder({ modelFolder, workers });
  const embedAll = async (texts: string[]) => {
    let next = 0;
    const loop = async () => {
      for (let text = texts[next++]; text !== undefined; text = texts[next++])
        await embedder.embedPassages([text]);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT_PER_WORKER * workers }, loop));
  };
  try {
    await embedAll(passages.slice(0, 50));
    const startedAt = performance.now();
    const cpuBefore = await cpuSeconds(process.pid);
    await embedAll(passages);
    const cpuMs = (1000 * ((await cpuSeconds(process.pid)) - cpuBefore)) / passages.length;
    return { rate: (1000 * passages.length) / (performance.now() - startedAt), cpuMs };
  } finally {
    await embedder.close();
  }
}

type Ingestion = Ingested & {
  /** Processor time of a passage. */
  cpuMs: number;
};

/** Over HTTP, into an empty server whose workers are up. */
function ingest(files: File[]): Promise<Ingestion> {
  const warmUp = files.slice(0, 2).map(({ name, text }) => ({ name, text: text.slice(1, 20_000) }));
  return withFolder(folder =>
    withServer({ folder }, ({ baseUrl, pid }) =>
      withClient(baseUrl, async client => {
        await ingestFiles(client, warmUp, { respondAsync: false });
        const cpuBefore = await cpuSeconds(pid);
        const ingested = await ingestFiles(client, files, { respondAsync: false });
        return { ...ingested, cpuMs: (1000 * ((await cpuSeconds(pid)) - cpuBefore)) / ingested.passages };
      }),
    ),
  );
}

/** [CLS] and [SEP] included. */
async function meanPieces(passages: string[]): Promise<number> {
  const tokenizer = await loadWordPieceTokenizer(readConfig({}, { envFile: '' }).embeddingModelPath);
  return passages.reduce((sum, passage) => sum + tokenizer.encode(passage).length, 0) / passages.length;
}
