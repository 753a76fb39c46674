import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { StartError } from '../../server/errors.ts';

/** Asks on the terminal. */
export async function prompt(question: string, signal: AbortSignal): Promise<string> {
  requireTerminal();
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

/** Asks without showing what is typed. */
export async function promptHidden(question: string, signal: AbortSignal): Promise<string> {
  requireTerminal();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  // What readline echoes goes nowhere; on a terminal it does the echoing itself.
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** @throws StartError */
function requireTerminal(): void {
  if (!process.stdin.isTTY)
    throw new StartError('There is nobody to ask here: give --email, --name and --password-stdin.');
}
