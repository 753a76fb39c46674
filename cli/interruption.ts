import { constants } from 'node:os';

/** lectern.mjs passes on a Ctrl-C that the terminal has sent to all processes already: one key, two signals. */
const SAME_KEY_MS = 1_000;

/** The person, or the reader of the output, wants no more. Not a failure, and nothing to print. */
export class Interruption extends Error {
  override name = 'Interruption';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/**
 * A signal that is aborted, with an Interruption as its reason, by Ctrl-C and the like, and when the reader
 * of standard output leaves (`lectern ask … | head`). A second Ctrl-C ends the process there and then.
 */
export function abortOnInterruption(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const exitCode = 128 + constants.signals[name]; // As shells count it.
    process.on(name, () => {
      if (firstMs === undefined) {
        firstMs = performance.now();
        controller.abort(new Interruption(exitCode));
      } else if (performance.now() - firstMs > SAME_KEY_MS) process.exit(exitCode);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort(new Interruption(0));
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return controller.signal;
}
