import { z } from 'zod';
import { errorBody } from '../errors.ts';
import { id, noControlCharacters, time } from '../scalars.ts';
import { moment, tableOf, tablePage, words } from './lists.ts';
import { actorKinds } from './tables.ts';

const settingName = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'must be the name of a setting such as TOP_K');
const settingValue = z.string().max(10_000).regex(noControlCharacters, 'must not have control characters');

export const settingKinds = [
  'flag',
  'whole_number',
  'decimal',
  'choice',
  'names',
  'text',
  'prices',
  'currency',
  'other',
] as const;

/** Why a setting can't be changed here. */
const fixedReasons = ['needs_restart', 'no_language_model', 'no_reranker'] as const;

/** A setting as it is in effect; values are texts, written as in the environment. */
const serverSetting = z
  .object({
    name: settingName.describe('As in the environment.'),
    group: z.string().describe('The heading in docs/configuration.md.'),
    description: z.string(),
    kind: z.enum(settingKinds),
    expected: z.string().describe('What a value must be, for people.'),
    choices: z.array(z.string()).nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    unit: z.string().nullable(),
    secret: z
      .boolean()
      .describe('Its values are never shown: they are null, and is_set says whether there is one.'),
    is_set: z.boolean(),
    value: z.string().nullable().describe('In effect; null where there is none.'),
    source: z
      .enum(['default', 'environment', 'administration'])
      .describe('Where the value in effect comes from.'),
    environment_value: z
      .string()
      .nullable()
      .describe(
        'What would be in effect without a change made here: of the environment, .env or the default.',
      ),
    changeable: z.boolean().describe('At run time; else it is set in the environment and needs a restart.'),
    fixed_because: z.enum(fixedReasons).nullable().describe('Why it can’t be changed here.'),
    changed_at: time.nullable(),
    changed_by: z.object({ id, email: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'ServerSetting' });
export type ServerSetting = z.infer<typeof serverSetting>;

export const serverSettings = z.object({
  settings: z.array(serverSetting),
  revision: z.number().int().nonnegative().describe('Rises with every change.'),
});

export const serverSettingsChange = z.strictObject({
  values: z
    .record(settingName, settingValue.nullable())
    .refine(values => Object.keys(values).length > 0, 'must have something to change')
    .describe('By name; null goes back to the value of the environment. All of them, or none.'),
  revision: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('The one that was looked at: 409 settings_changed when somebody else was quicker.'),
});

/** What is wrong with a value. Stable, as error codes are: clients say it in their reader's language. */
const settingProblemCodes = [
  'unknown_setting',
  ...fixedReasons,
  ...settingKinds.map(kind => `expected_${kind}` as const),
  'required_with',
  'context_too_small',
  'conflict',
] as const;

export const settingProblem = z
  .object({
    name: z.string(),
    code: z.enum(settingProblemCodes),
    params: z
      .record(z.string(), z.string())
      .describe(
        'What the sentence names: `given` (not of a secret) with `min` and `max` or `choices`; `because`; `given` and `sum`.',
      ),
    message: z.string().describe('The same as a sentence for people.'),
  })
  .meta({ id: 'SettingProblem' });
export type SettingProblem = z.infer<typeof settingProblem>;

export const settingsRefusal = z
  .object({
    error: errorBody.shape.error.extend({
      problems: z.array(settingProblem).optional().describe('All that is wrong with the values.'),
    }),
  })
  .meta({ id: 'SettingsError' });

export const settingHistoryQuery = tablePage.extend({
  name: settingName.optional(),
  user: words.describe('Beginnings of words of the e-mail address and the name, or the whole address.'),
  from: moment.describe('Then or later.'),
  to: moment.describe('Before.'),
});
export const settingHistoryRow = z
  .object({
    id,
    at: time,
    name: settingName,
    old_value: z.string().nullable().describe('Null: that of the environment.'),
    new_value: z.string().nullable().describe('Null: that of the environment.'),
    actor: z.enum(actorKinds),
    user: z.object({ id, email: z.string().nullable() }).nullable(),
    key_id: id.nullable(),
    address: z.string().nullable(),
  })
  .meta({ id: 'SettingChange' });
export const settingHistoryTable = tableOf(settingHistoryRow);
