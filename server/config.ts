import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { findConflicts } from './config-conflicts.ts';
import { type Config, configSchema, variableOf } from './config-schema.ts';
import { valueInfo } from './config-values.ts';
import { StartError } from './errors.ts';

export type { Config } from './config-schema.ts';

type Environment = Record<string, string | undefined>;
type ReadConfigOptions = {
  /** Default: `.env` of the working directory. The empty string reads no file. */
  envFile?: string;
};

/**
 * Lectern's settings from the environment and, for what the environment leaves open, the `.env` file.
 * Variables that are empty count as not set.
 *
 * @throws StartError that lists every problem at once, each with the variable's name, what was given
 * (never of a secret) and what is expected.
 *
 * @example readConfig({ PORT: '0', LECTERN_DATA_DIR: '/tmp/data' }, { envFile: '' }).port // 0
 */
export function readConfig(env: Environment = process.env, options: ReadConfigOptions = {}): Config {
  const given = { ...withoutEmpty(readEnvFile(options.envFile ?? '.env')), ...withoutEmpty(env) };
  const problems = unknownVariables(given);

  const raw: Record<string, string | undefined> = {};
  for (const field of Object.keys(configSchema.shape)) raw[field] = given[variableOf(field)];
  const parsed = configSchema.safeParse(raw);
  const wrong = new Set(parsed.error?.issues.map(issue => String(issue.path[0])));
  for (const field of wrong) problems.push(describeWrong(field, raw[field] ?? ''));

  // What was wrong is left out, so that what depends on other settings is checked in the same go.
  for (const field of wrong) delete raw[field];
  const config = parsed.data ?? configSchema.parse(raw);
  problems.push(...findConflicts(config, wrong).map(({ message }) => message));

  if (problems.length > 0) throw new StartError(describeAll(problems));
  givenFields.set(config, new Set(Object.keys(raw).filter(field => raw[field] !== undefined)));
  return config;
}

const givenFields = new WeakMap<Config, ReadonlySet<string>>();

/** Whether the environment or `.env` says something of the field; else the default holds. */
export function isGiven(config: Config, field: string): boolean {
  return givenFields.get(config)?.has(field) ?? false;
}

function readEnvFile(path: string): Environment {
  if (path === '') return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new StartError(`The settings in ${path} can't be read: ${String(error)}`, { cause: error });
  }
}

function withoutEmpty(env: Environment): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const trimmed = value?.trim();
    if (trimmed) result[name] = trimmed;
  }
  return result;
}

function unknownVariables(given: Record<string, string>): string[] {
  const known = Object.keys(configSchema.shape).map(variableOf);
  return Object.keys(given)
    .filter(name => name.startsWith('LECTERN_') && !known.includes(name))
    .map(name => {
      const near = nearest(name, known);
      return `${name}: no such setting${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}

/** The known variable that differs in the fewest letters, with or without the prefix; none when all are far. */
function nearest(name: string, known: string[]): string | undefined {
  const spellings = [name, name.replace('LECTERN_', '')];
  const ranked = known
    .map(candidate => ({ candidate, distance: Math.min(...spellings.map(s => editDistance(s, candidate))) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, best.candidate.length / 4) ? best.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function describeWrong(field: string, given: string): string {
  const schema = Object.entries(configSchema.shape).find(([name]) => name === field)?.[1];
  const info = schema === undefined ? { expected: 'a value' } : valueInfo(schema);
  const shown = info.secret || looksSecret(given) ? 'a value that is not shown here' : JSON.stringify(given);
  return `${variableOf(field)}: ${shown} was given; expected ${info.expected}`;
}

/** A key pasted into the wrong variable, or an address with a password in it. */
export function looksSecret(given: string): boolean {
  return /^(gsk_|sk-)|:\/\/[^/]*@|[?&][^=]*(key|token|secret|password)=/i.test(given);
}

function describeAll(problems: string[]): string {
  const count = problems.length === 1 ? 'This setting is' : `These ${problems.length} settings are`;
  return `${count} wrong (docs/configuration.md lists them all):\n${problems.map(p => `  ${p}`).join('\n')}`;
}
