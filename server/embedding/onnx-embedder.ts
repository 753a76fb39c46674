import { resolve } from 'node:path';
import { Piscina } from 'piscina';
import { StartError } from '../errors.ts';
import { createNativeCallState, endNativeCalls } from '../local-models/native-calls.ts';
import { verifyModelFolder } from '../local-models/verify-model-folder.ts';
import type { Embedder } from './embedder.ts';
import type { OnnxWorkerData } from './onnx-embedder-worker.ts';
import { aheadOfPassages, QuestionFirstQueue } from './question-first-queue.ts';

/** After this long without work the workers beyond the first give their memory back. */
const IDLE_WORKER_MS = 30_000;

const embeddingModel = {
  name: 'embedding model',
  remedy: 'Restore the folder from the repository (git checkout models), or set EMBEDDING_MODEL_PATH.',
};

type Options = {
  /** A sentence-transformers ONNX folder whose graph pools and normalises. */
  modelFolder: string;
  /** Most worker threads; one per core is fastest for ingestion. */
  workers: number;
  /** The first thread runs; it goes on without this one. */
  onStart?: () => void;
};

/**
 * The embedding model in worker threads: `session.run` blocks its thread.
 *
 * @throws StartError when the model is missing, not the listed one, or doesn't load.
 */
export async function createOnnxEmbedder({
  modelFolder,
  workers,
  onStart = () => {},
}: Options): Promise<Embedder> {
  const folder = resolve(modelFolder);
  const { modelName, modelFile } = await verifyModelFolder(folder, embeddingModel);
  const nativeCalls = createNativeCallState();
  const workerData: OnnxWorkerData = { modelFolder: folder, modelFile, nativeCalls };
  const pool = new Piscina({
    filename: new URL('./onnx-embedder-worker.ts', import.meta.url).href,
    workerData,
    minThreads: 1,
    maxThreads: workers,
    idleTimeout: IDLE_WORKER_MS,
    concurrentTasksPerWorker: 1,
    // The model lives outside the heap; a large young generation would only lie resident.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
    taskQueue: new QuestionFirstQueue(),
    // Waiting by Atomics would hold up the thread's timers, and with them the release of its memory.
    atomics: 'disabled',
    recordTiming: false,
  });
  const embedSoon = (text: string): Promise<Float32Array> => pool.run(aheadOfPassages({ text }));
  const embedLater = (text: string): Promise<Float32Array> => pool.run({ text });
  let dimensions: number;
  onStart();
  try {
    dimensions = (await embedSoon('ready')).length;
  } catch (error) {
    await pool.destroy();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The embedding model in ${folder} does not load: ${reason}`, { cause: error });
  }
  return {
    modelName,
    state: 'loaded',
    dimensions,
    embedQuestion: embedSoon,
    embedPassages: (texts, options) => Promise.all(texts.map(options?.urgent ? embedSoon : embedLater)),
    async close() {
      await endNativeCalls(nativeCalls);
      await pool.destroy();
    },
  };
}
