import type { z } from 'zod';
import type { SettingProblem } from '../../contract/administration/settings.ts';
import { findConflicts } from '../config-conflicts.ts';
import { type Config, configSchema } from '../config-schema.ts';
import { valueInfo } from '../config-values.ts';
import { fieldOf, type SettingField, whyFixed } from './changeable-settings.ts';

/** Values as in the environment, by the name of their variable; an empty one is the default. */
export type SettingTexts = ReadonlyMap<string, string>;

/**
 * The configuration with these values in the place of the environment's, checked by the same rules: each by itself,
 * then what depends on several.
 */
export function overlaySettings(
  config: Config,
  texts: SettingTexts,
): { config: Config; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const values: Record<string, unknown> = {};
  const wrong = new Set<string>();
  for (const [name, text] of texts) {
    const field = fieldOf(name);
    if (field === undefined) {
      problems.push(unknown(name));
      continue;
    }
    const schema = configSchema.shape[field];
    const parsed = schema.safeParse(text.trim() === '' ? undefined : text.trim());
    if (parsed.success) values[field] = parsed.data;
    else {
      wrong.add(field);
      problems.push(unexpected(name, text, schema));
    }
  }
  const overlaid: Config = { ...config, ...values };
  for (const conflict of findConflicts(overlaid, wrong))
    problems.push({
      name: conflict.message.split(':')[0] ?? '',
      code: conflict.code ?? 'conflict',
      params: conflict.params ?? {},
      message: `${conflict.message}.`,
    });
  return { config: overlaid, problems };
}

function unexpected(name: string, text: string, schema: z.ZodType): SettingProblem {
  const { expected, kind = 'other', bounds, choices, secret } = valueInfo(schema);
  const shown = secret ? 'a value that is not shown here' : JSON.stringify(text);
  return {
    name,
    code: `expected_${kind}`,
    params: {
      ...(!secret && { given: text }),
      ...(bounds && { min: String(bounds.min), max: String(bounds.max) }),
      ...(choices && { choices: choices.join(', ') }),
    },
    message: `${name}: ${shown} was given; expected ${expected}.`,
  };
}

const unknown = (name: string): SettingProblem => ({
  name,
  code: 'unknown_setting',
  params: {},
  message: `${name}: no such setting.`,
});

/** Why a setting of this name can't be changed while the server runs, for people. */
export function refuseFixed(config: Config, name: string): SettingProblem | undefined {
  const field = fieldOf(name);
  if (field === undefined) return unknown(name);
  const why = whyFixed(config, field);
  return why && { name, code: why, params: {}, message: `${name}: ${refusals[why]}` };
}

const refusals = {
  needs_restart: 'is set in the environment and needs a restart.',
  no_language_model: 'no language model that it would be of is connected.',
  no_reranker: 'no reranker is configured.',
};

/** The value as it would stand in the environment; undefined where there is none. */
export function settingText(config: Config, field: SettingField): string | undefined {
  const value = config[field];
  if (value === undefined) return undefined;
  if (value instanceof Map)
    return [...value].map(([model, price]) => `${model}=${price.input}/${price.output}`).join(',');
  return Array.isArray(value) ? value.join(',') : String(value);
}
