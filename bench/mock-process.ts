import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { killAtExit } from './kill-at-exit.ts';

type Options = { tokens: number; tokensPerSecond: number; stamped: boolean };

/** Runs the work with a mock language model, a process of its own, and hands it the server's settings for it. */
export async function withMockModel<T>(
  { tokens, tokensPerSecond, stamped }: Options,
  work: (settings: Record<string, string>) => Promise<T>,
): Promise<T> {
  const script = fileURLToPath(new URL('./mock-language-model.ts', import.meta.url));
  const args = [script, '--tokens', String(tokens), '--rate', String(tokensPerSecond)];
  const child = spawn(process.execPath, stamped ? [...args, '--stamped'] : args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  killAtExit(child);
  try {
    const [baseUrl] = await once(createInterface(child.stdout), 'line', {
      signal: AbortSignal.timeout(10_000),
    });
    // No title is asked for beside the answers that are measured.
    return await work({ LLM_BASE_URL: String(baseUrl), LLM_MODEL: 'mock', SESSION_TITLES: 'question' });
  } finally {
    child.kill();
  }
}
