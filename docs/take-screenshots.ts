import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/* Takes the pictures in docs/screenshots again, when the page has changed: npm run screenshots */

const root = resolve(import.meta.dirname, '..');
const pictures = join(root, 'docs/screenshots');
const taken = mkdtempSync(join(tmpdir(), 'lectern-screenshots-'));
try {
  // The browser tests open every state of the page; all they take more than is kept here is left out.
  const { status } = spawnSync(
    process.execPath,
    ['--test', '--test-name-pattern=for everyone', 'tests/e2e/with-a-model.test.ts'],
    { cwd: root, env: { ...process.env, SCREENSHOTS: taken }, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('The browser tests failed; the pictures stay as they were.');
  for (const name of readdirSync(pictures)) copyFileSync(join(taken, name), join(pictures, name));
} finally {
  rmSync(taken, { recursive: true });
}
