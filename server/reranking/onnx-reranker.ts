import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Piscina } from 'piscina';
import { z } from 'zod';
import { StartError } from '../errors.ts';
import { createNativeCallState, endNativeCalls } from '../local-models/native-calls.ts';
import { verifyModelFolder } from '../local-models/verify-model-folder.ts';
import { createPairEncoder, type PairTokenizer } from './encode-pair.ts';
import type { OnnxRerankerWorkerData, ScoreTask } from './onnx-reranker-worker.ts';
import type { Reranker } from './reranker.ts';

type Options = {
  /** `tokenizer.json` of BERT word pieces, `config.json` and the ONNX weights, beside them or in `onnx/`. */
  modelFolder: string;
  loadTokenizer: (modelFolder: string) => Promise<PairTokenizer>;
  workers: number;
};

/** BERT's; longer pairs take time that nobody has. */
const MOST_PIECES = 512;

const reranker = { name: 'reranker', remedy: 'Check RERANKER_MODEL_PATH.' };

/**
 * A cross-encoder in worker threads, each scoring one pair a run. All threads start at once: loading the model
 * takes longer than a question may wait.
 *
 * @throws StartError when the model is missing, of another kind, or doesn't load.
 */
export async function createOnnxReranker({
  modelFolder,
  loadTokenizer,
  workers,
}: Options): Promise<Reranker> {
  const folder = resolve(modelFolder);
  const { modelName, modelFile } = await verifyModelFolder(folder, reranker);
  const nativeCalls = createNativeCallState();
  const workerData: OnnxRerankerWorkerData = { modelPath: join(folder, modelFile), nativeCalls };
  const pool = new Piscina<ScoreTask, number>({
    filename: new URL('./onnx-reranker-worker.ts', import.meta.url).href,
    workerData,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
    // Waiting by Atomics would hold up the thread's timers, and with them the release of its memory.
    atomics: 'disabled',
    recordTiming: false,
  });
  const close = async () => {
    await endNativeCalls(nativeCalls);
    await pool.destroy();
  };
  try {
    const tokenizer = await loadTokenizer(folder);
    const maxPieces = await readMaxPieces(folder);
    const rerank: Reranker['rerank'] = (question, texts, signal) => {
      const encode = createPairEncoder(tokenizer, question, maxPieces);
      return untilAborted(signal, stopped =>
        Promise.all(texts.map(text => pool.run({ ...encode(text), stopped }))),
      );
    };
    await rerank('ready', ['ready'], new AbortController().signal);
    return { modelName, rerank, close };
  } catch (error) {
    await close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The reranker in ${folder} does not load: ${reason}. ${reranker.remedy}`, {
      cause: error,
    });
  }
}

/**
 * Rejects as soon as the signal is aborted. The work itself is told through memory it shares: Piscina would end
 * the thread, and the process with it when that is within native code.
 */
async function untilAborted<Result>(
  signal: AbortSignal,
  work: (stopped: Int32Array<SharedArrayBuffer>) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(stopped), aborted.promise]);
  } finally {
    // Also after a failure: what is still queued has nobody who waits for it.
    Atomics.store(stopped, 0, 1);
    signal.removeEventListener('abort', onAbort);
  }
}

/** The tokenizer's own limit says what embedding models were trained with; the network's positions bind here. */
async function readMaxPieces(folder: string): Promise<number> {
  const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  const { max_position_embeddings: positions } = z
    .looseObject({ max_position_embeddings: z.int().min(16).default(MOST_PIECES) })
    .parse(config);
  return Math.min(positions, MOST_PIECES);
}
