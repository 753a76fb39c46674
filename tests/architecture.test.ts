import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const programs = ['server', 'contract', 'web', 'cli', 'bench', 'evaluation', 'tests', 'docs'];

/** Who may import whom: a part imports only from parts further down (docs/architecture.md). */
const layers = [
  ['server/main'],
  ['server/serve'],
  ['server/processes'],
  ['server/app'],
  ['server/wiring'],
  ['server/http'],
  ['server/chat'],
  ['server/backup'],
  [
    'server/documents',
    'server/retrieval',
    'server/sessions',
    'server/limiting',
    'server/accounts',
    'server/administration',
  ],
  ['server/embedding', 'server/reranking', 'server/language-model', 'server/lexical', 'server/database'],
  ['server/local-models', 'server/page'],
  ['server/observing'],
  ['server/config'],
  [
    'server/errors',
    'server/logger',
    'server/version',
    'server/release-memory',
    'server/v8-flags',
    'server/lower-priority',
    'server/until-aborted',
  ],
  ['contract'],
];

type SourceFile = {
  path: string;
  text: string;
  imports: string[];
  /** Those that exist at run time: types are erased. */
  loaded: string[];
};

const files = programs.flatMap(listFiles).map(readSource);
const serverFiles = files.filter(({ path }) => path.startsWith('server/') && !isTest(path));

function listFiles(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
      .map(entry => relative(root, join(entry.parentPath, entry.name)))
      .filter(path => !/node_modules|\/dist\//.test(path));
  } catch {
    return []; // Not every part is there yet.
  }
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const statements =
    /^\s*(?:import|export)\b([^'"`;]*?)\bfrom\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;
  const found = [...text.matchAll(statements)]
    .map(([, clause = '', from, effect, dynamic]) => ({ clause, specifier: from ?? effect ?? dynamic ?? '' }))
    .map(({ clause, specifier }) => ({
      path: relative(root, resolve(root, dirname(path), specifier)),
      isType: clause.startsWith(' type '),
    }))
    .filter(imported => /\.tsx?$/.test(imported.path));
  const imports = found.map(imported => imported.path);
  const loaded = found.filter(({ isType }) => !isType).map(imported => imported.path);
  return { path, text, imports, loaded };
}

function isTest(path: string): boolean {
  return path.includes('.test.');
}

/** `server/http`, or `server/app` for a file at the top; config.ts and config-schema.ts are one part. */
function partOf(path: string): string {
  if (!path.startsWith('server/')) return path.split('/')[0] ?? path;
  return path
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/(-[a-z-]+)?(\.test)?\.ts$/, (_, suffix = '') =>
      path.startsWith('server/config') ? '' : suffix,
    );
}

const layerOf = (part: string) => layers.findIndex(layer => layer.includes(part));

test('every part of the server has its place in the layers', () => {
  const unknown = serverFiles.filter(({ path }) => layerOf(partOf(path)) < 0);
  assert.deepEqual(
    unknown.map(({ path }) => path),
    [],
  );
});

test('the server imports only downwards, and siblings do not import each other', () => {
  const wrong = serverFiles.flatMap(({ path, imports }) =>
    imports
      .filter(imported => partOf(imported) !== partOf(path))
      .filter(imported => layerOf(partOf(imported)) <= layerOf(partOf(path)))
      .map(imported => `${path} -> ${imported}`),
  );
  assert.deepEqual(wrong, []);
});

test('the contract and the web page know nothing of the server', () => {
  const allowed: Record<string, string[]> = { contract: ['contract'], web: ['web', 'contract', 'figures'] };
  // The page computes the figures of an evaluation as the command line does.
  const partOfImported = (path: string) =>
    path.startsWith('evaluation/figures/') ? 'figures' : partOf(path);
  const wrong = files.flatMap(({ path, imports }) => {
    const parts = allowed[partOf(path)];
    return parts
      ? imports.filter(one => !parts.includes(partOfImported(one))).map(one => `${path} -> ${one}`)
      : [];
  });
  assert.deepEqual(wrong, []);
});

test('no program code imports tests or benchmarks', () => {
  const wrong = files
    .filter(({ path }) => !/^(tests|bench)\//.test(path) && !isTest(path))
    .filter(({ imports }) => imports.some(one => /^(tests|bench)\/|\.test\.ts$/.test(one)));
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('no file imports itself in a circle', () => {
  const importsOf = new Map(files.map(({ path, loaded }) => [path, loaded]));
  const finished = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    if (finished.has(path)) return;
    assert.ok(!trail.includes(path), [...trail.slice(trail.indexOf(path)), path].join(' -> '));
    for (const imported of importsOf.get(path) ?? []) visit(imported, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
});

test('every relative import leads to a file', () => {
  const known = new Set(files.map(({ path }) => path));
  const lost = files.flatMap(({ path, imports }) =>
    imports.filter(one => /\.(ts|tsx|mjs)$/.test(one) && !known.has(one)).map(one => `${path} -> ${one}`),
  );
  assert.deepEqual(lost, []);
});

test('files have at most 400 lines, folders at most 14 files', () => {
  const long = files.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path);
  assert.deepEqual(long, []);
  const perFolder = Map.groupBy(
    files.filter(({ path }) => !isTest(path)),
    ({ path }) => dirname(path),
  );
  const full = [...perFolder].filter(([, inside]) => inside.length > mostFiles(inside[0]?.path ?? ''));
  assert.deepEqual(
    full.map(([folder, inside]) => `${folder}: ${inside.length}`),
    [],
  );
});

/** These have a file per resource, route, step, command or figure; subfolders would only hide them. */
const mostFiles = (path: string) => (/^(contract|server\/(http|documents)|cli|bench)\//.test(path) ? 20 : 14);

test('files and folders have names that say something, in kebab-case', () => {
  const empty = /^(utils?|helpers?|common|misc|types?|services?|managers?|index|lib|shared)$/;
  const names = new Set(files.flatMap(({ path }) => path.replace(/\.[.a-z]+$/, '').split('/')));
  assert.deepEqual(
    [...names].filter(name => empty.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)),
    [],
  );
});

test('only server/config*.ts reads the environment in the server', () => {
  const readers = serverFiles.filter(({ text }) => /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b/.test(text));
  assert.deepEqual(
    readers.map(({ path }) => path).filter(path => !/^server\/config[a-z-]*\.ts$/.test(path)),
    [],
  );
});

const refused: Record<string, RegExp> = {
  'the type any': /(?::|<|\bas|\|)\s*any\b(?!\w)/,
  'a cast through unknown': /\bas\s+unknown\s+as\b/,
  'a non-null assertion': /[\w)\]]!(?=[.;,)\]]|\s*$)/m,
  'an enum or a namespace': /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?(?:enum|namespace)\s+\w/m,
  'a switched-off type check': /@ts-(?:ignore|nocheck|expect-error)/,
};
for (const [what, pattern] of Object.entries(refused))
  test(`no file holds ${what}`, () => {
    const wrong = files
      .filter(({ path }) => path !== 'tests/architecture.test.ts')
      .filter(({ text }) => pattern.test(withoutTexts(text)));
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
  });

/** Comments and literals may say what code may not. */
function withoutTexts(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
    .replace(/([=(,:]\s*)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/g, '$1x');
}

test('importing a file does nothing but in main.ts and the entries of workers and processes', () => {
  // gpt2-tokens.ts sets its library's one global cache size: whoever counts must have it.
  const entry =
    /^server\/main\.ts$|-worker\.ts$|^server\/(?:database\/embedded\/initialise-embedded-database|language-model\/gpt2-tokens)\.ts$/;
  // At the top level a statement that calls or assigns, instead of declaring something.
  const effect = /^(?:await\b|[a-z][\w.]*\(|[a-z][\w.]*\s*=[^=>]|new\s|if\s*\(|for\s*[ (]|process\.)/m;
  const wrong = serverFiles
    .filter(({ path }) => !entry.test(path))
    .filter(({ text }) => effect.test(withoutTexts(text)));
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('this test sees the imports of this file', () => {
  assert.ok(serverFiles.length > 50);
  const app = files.find(({ path }) => path === 'server/app.ts');
  assert.ok(app?.imports.includes('server/wiring/open-parts.ts'));
  assert.equal(basename(app?.path ?? ''), 'app.ts');
});
