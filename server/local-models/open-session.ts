import { InferenceSession } from 'onnxruntime-node';
import { callNative, type NativeCallState } from './native-calls.ts';

/** Loads an ONNX model, in a worker thread that is to be its only one: more threads are more workers. */
export function openSession(nativeCalls: NativeCallState, path: string): Promise<InferenceSession> {
  return callNative(nativeCalls, () =>
    InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    }),
  );
}
