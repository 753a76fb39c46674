import { setFlagsFromString } from 'node:v8';

/**
 * Per cent of what a heap holds that may come on top before its garbage is collected. Where there is memory V8 would let a
 * heap grow to four times what it holds, and a thousand answers make garbage as fast as that.
 */
const MOST_GARBAGE = 40;

/**
 * How much of a WebAssembly function V8 lets run before its optimising compiler takes it on, 150 times V8's own budget. Each
 * jump back is charged with its length, so that the one large loop of PostgreSQL's parser would soon have spent it:
 * compiling that takes a second and 600 MB, while the server starts.
 */
const TIERING_BUDGET = 2_000_000_000;

/**
 * What Lectern wants of V8 from the beginning, in all threads (docs/decisions/0012-memory.md). All at once, before modules are
 * loaded: what V8 has compiled and kept under other flags it compiles again.
 */
export function setV8Flags(): void {
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  // For `releaseMemory`.
  setFlagsFromString('--expose-gc');
}

/** Has V8 collect garbage sooner, in all threads. Once the server has started: with it, that takes a tenth longer. */
export function limitGarbage(): void {
  setFlagsFromString(`--heap-growing-percent=${MOST_GARBAGE}`);
}
