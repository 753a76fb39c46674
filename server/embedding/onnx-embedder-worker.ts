/** Worker thread with one single-threaded ONNX session: a text goes in, its vector comes out. */
import { join } from 'node:path';
import { workerData } from 'piscina';
import { callNative, type NativeCallState } from '../local-models/native-calls.ts';
import { openSession } from '../local-models/open-session.ts';
import { releaseMemorySoon } from '../release-memory.ts';
import { loadWordPieceTokenizer } from './word-piece-tokenizer.ts';

export type OnnxWorkerData = { modelFolder: string; modelFile: string; nativeCalls: NativeCallState };

const { modelFolder, modelFile, nativeCalls } = workerData as OnnxWorkerData;

const tokenizer = await loadWordPieceTokenizer(modelFolder);
const { session, Tensor } = await openSession(nativeCalls, join(modelFolder, modelFile));

releaseMemorySoon();

/**
 * One text a run: int8 activations are quantised per run, so a neighbour in the batch would change the
 * vector, and without padding one is also the fastest on a CPU (shared design, peers.md).
 */
export default async function embed({ text }: { text: string }): Promise<Float32Array> {
  const ids = tokenizer.encode(text);
  const shape = [1, ids.length];
  const output = await callNative(nativeCalls, () =>
    session.run({
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
    }),
  );
  const embedding = output.sentence_embedding;
  if (!embedding) throw new Error('the model has no output called sentence_embedding');
  // A copy: the tensor's memory is the session's.
  return Float32Array.from(embedding.data as Float32Array);
}
