import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { callNative, type NativeCallState } from './native-calls.ts';

export type OpenModel = { session: InferenceSession; Tensor: typeof Tensor };

/**
 * Loads an ONNX model, in a worker thread that is to be its only one: more threads are more workers. The runtime itself
 * is loaded here, as a native call: a thread that is ended while it loads a library may keep the loader's lock, for
 * which every other thread then waits.
 */
export function openSession(nativeCalls: NativeCallState, path: string): Promise<OpenModel> {
  return callNative(nativeCalls, async () => {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    const session = await InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return { session, Tensor };
  });
}
