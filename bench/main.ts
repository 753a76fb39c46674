/** Measures Lectern as it runs for its users: `npm run bench -- --help`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeEnvironment } from './environment.ts';
import { measureDeletions } from './parts/deletions.ts';
import { measureEmbedding } from './parts/embedding.ts';
import { measureFirstContent } from './parts/first-content.ts';
import { measureKills } from './parts/kill-ingestions.ts';
import { measureMemory } from './parts/memory.ts';
import { measureMixedLoad } from './parts/mixed-load.ts';
import { measurePage } from './parts/page.ts';
import type { Part, Sizes } from './parts/part.ts';
import { measureProcesses } from './parts/processes.ts';
import { measureReading } from './parts/reading.ts';
import { measureRetrieval } from './parts/retrieval.ts';
import { measureSessions } from './parts/sessions.ts';
import { measureStart } from './parts/start.ts';
import { streamParts } from './parts/streams.ts';
import { measureVectors } from './parts/vectors.ts';
import { formatTable, isMet, type PartReport } from './report.ts';
import { repositoryRoot } from './repository-root.ts';

/** In the order in which they run. */
const parts: Record<string, Part> = {
  start: measureStart,
  'first-content': measureFirstContent,
  ...streamParts,
  reading: measureReading,
  embedding: measureEmbedding,
  vectors: measureVectors,
  retrieval: measureRetrieval,
  sessions: measureSessions,
  page: measurePage,
  processes: measureProcesses,
  memory: measureMemory,
  'mixed-load': measureMixedLoad,
  kills: measureKills,
  deletions: measureDeletions,
};

const usage = `node bench/main.ts [options]
  --only PART,PART  of: ${Object.keys(parts).join(', ')}
  --quick           small sizes, to see that it runs
  --ingest-mb N     text for the peak of memory; 50 unless told
  --json FILE       where the figures go; bench-results/<date>.json unless told
A missed goal is reported and no failure; a crash or a lost answer exits with 1.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join(',') },
    quick: { type: 'boolean', default: false },
    'ingest-mb': { type: 'string', default: '50' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else process.exitCode = await bench();

async function bench(): Promise<number> {
  const sizes: Sizes = { quick: values.quick, ingestMb: Number(values['ingest-mb']) };
  const chosen = values.only.split(',').map(name => name.trim());
  const unknown = chosen.find(name => !Object.hasOwn(parts, name));
  if (unknown !== undefined || !(sizes.ingestMb > 0)) {
    console.error(usage);
    return 2;
  }
  const environment = describeEnvironment();
  console.log(
    Object.entries(environment)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  const reports: PartReport[] = [];
  for (const [name, part] of Object.entries(parts))
    if (chosen.includes(name)) reports.push(await runPart(name, part, sizes));

  console.log(
    `\n${formatTable(reports)}\n\nMB is 10^6 bytes.${sizes.quick ? ' A quick run: the figures mean nothing.' : ''}`,
  );
  const file =
    values.json ?? join(repositoryRoot, 'bench-results', `${environment.date.replaceAll(':', '-')}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    `${JSON.stringify({ environment, quick: sizes.quick, parts: withVerdicts(reports) }, null, 2)}\n`,
  );
  console.log(`Written to ${file}`);
  return reports.some(({ error }) => error !== undefined) ? 1 : 0;
}

/** A part that fails does not take the figures of the others with it. */
async function runPart(name: string, part: Part, sizes: Sizes): Promise<PartReport> {
  const loadBefore = loadavg();
  console.log(`\n${name}: load ${formatLoad(loadBefore)}`);
  const startedAt = performance.now();
  const outcome = await part(sizes).then(
    measures => ({ measures }),
    error => ({
      measures: [],
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  const report = {
    part: name,
    seconds: (performance.now() - startedAt) / 1000,
    loadBefore,
    loadAfter: loadavg(),
    ...outcome,
  };
  if ('error' in outcome) console.error(outcome.error);
  console.log(formatTable([report]));
  console.log(`${name}: ${report.seconds.toFixed(0)} s, load ${formatLoad(report.loadAfter)}`);
  return report;
}

function formatLoad(load: number[]): string {
  return load.map(value => value.toFixed(2)).join(' ');
}

function withVerdicts(reports: PartReport[]) {
  return reports.map(report => ({
    ...report,
    measures: report.measures.map(measure => ({ ...measure, met: isMet(measure) })),
  }));
}
