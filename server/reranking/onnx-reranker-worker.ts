/** Worker thread with one single-threaded ONNX session: a question and a text go in, a score comes out. */
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';
import { workerData } from 'piscina';
import { callNative, type NativeCallState } from '../local-models/native-calls.ts';
import { openSession } from '../local-models/open-session.ts';
import { releaseMemorySoon } from '../release-memory.ts';
import type { EncodedPair } from './encode-pair.ts';

export type OnnxRerankerWorkerData = { modelPath: string; nativeCalls: NativeCallState };

/** Not 0 in `stopped[0]`: nobody waits for the score any more. */
export type ScoreTask = EncodedPair & { stopped: Int32Array<SharedArrayBuffer> };

const { modelPath, nativeCalls } = workerData as OnnxRerankerWorkerData;
const { session, Tensor } = await openSession(nativeCalls, modelPath);

releaseMemorySoon();

export default async function score({ ids, typeIds, stopped }: ScoreTask): Promise<number> {
  if (Atomics.load(stopped, 0) !== 0) return Number.NaN;
  const feeds = feedsOf(session, ids, typeIds);
  const output = await callNative(nativeCalls, () => session.run(feeds));
  const logits = output.logits ?? output[session.outputNames[0] ?? ''];
  return scoreOf(Array.from((logits?.data ?? []) as Float32Array));
}

/** Only what the model declares: those without types (DistilBERT) refuse them. */
function feedsOf({ inputNames }: InferenceSession, ids: number[], typeIds: number[]) {
  const numbers: Record<string, BigInt64Array> = {
    input_ids: BigInt64Array.from(ids, BigInt),
    attention_mask: new BigInt64Array(ids.length).fill(1n),
    token_type_ids: BigInt64Array.from(typeIds, BigInt),
  };
  const feeds = inputNames.map((name): [string, TypedTensor<'int64'>] => {
    const data = numbers[name];
    if (!data) throw new Error(`it wants an input called ${name}`);
    return [name, new Tensor('int64', data, [1, ids.length])];
  });
  return Object.fromEntries(feeds);
}

/** One logit is the score; of two, "irrelevant" and "relevant", it is how far the second is ahead. */
function scoreOf(logits: number[]): number {
  const [first, second] = logits;
  if (logits.length === 1 && first !== undefined) return first;
  if (logits.length === 2 && first !== undefined && second !== undefined) return second - first;
  throw new Error(`it gives ${logits.length} numbers for a pair instead of one or two`);
}
