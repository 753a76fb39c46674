#!/usr/bin/env node
// Plain JavaScript, so that an older Node of the system can read it: it hands over to the Node that
// `npm ci` has put into node_modules, unless it runs on one that reads TypeScript itself.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const major = Number.parseInt(process.versions.node, 10);
if (major >= 24) await import('./main.ts');
else handOver(findNode());

/** The binary of the package `node`, or undefined when it is not installed. */
function findNode() {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve('node/package.json');
    return join(dirname(manifest), require(manifest).bin.node);
  } catch {
    return undefined;
  }
}

function handOver(node) {
  if (!node) return fail();
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child too; passed on it arrives twice, which the child takes for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function fail() {
  process.stderr.write(
    `Lectern needs Node 24 or later, and this is ${process.version}. Run "npm ci" once, it brings one.\n`,
  );
  process.exitCode = 1;
}
