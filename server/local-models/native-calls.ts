import { setTimeout as sleep } from 'node:timers/promises';

const RUNNING = 0;
const CLOSED = 1;
const POLL_MS = 2;
/** A call that takes longer is stuck. */
const MOST_WAIT_MS = 5_000;

/** Shared by a pool and its worker threads. */
export type NativeCallState = Int32Array<SharedArrayBuffer>;

export const createNativeCallState = (): NativeCallState => new Int32Array(new SharedArrayBuffer(8));

/**
 * Makes a call into native code, in a worker thread. A thread that is ended within one takes the whole process
 * with it: node-addon-api throws a C++ exception that nobody catches.
 *
 * @throws Error when the pool is closing.
 */
export async function callNative<Result>(
  state: NativeCallState,
  call: () => Promise<Result>,
): Promise<Result> {
  Atomics.add(state, RUNNING, 1);
  try {
    if (Atomics.load(state, CLOSED) === 1) throw new Error('the model is closed');
    return await call();
  } finally {
    Atomics.sub(state, RUNNING, 1);
  }
}

/** Lets no further call begin and waits for those that run: after that the threads can be ended. */
export async function endNativeCalls(state: NativeCallState): Promise<void> {
  Atomics.store(state, CLOSED, 1);
  const deadline = performance.now() + MOST_WAIT_MS;
  while (Atomics.load(state, RUNNING) > 0 && performance.now() < deadline) await sleep(POLL_MS);
}
