import type { ServerSetting } from '../../../contract/administration/settings.ts';
import { type SettingField, settingFields, whyFixed } from '../../config/changeable-settings.ts';
import { settingText } from '../../config/overlay-settings.ts';
import { type Config, isGiven, looksSecret } from '../../config.ts';
import { configSchema, settingGroups, variableOf } from '../../config-schema.ts';
import { valueInfo } from '../../config-values.ts';
import type { RunningSettings } from './running-settings.ts';
import type { StoredSetting } from './setting-store.ts';

/** All settings, in the groups of docs/configuration.md; what is secret is not shown. */
export function describeSettings(
  { environment, config, stored }: Pick<RunningSettings, 'environment' | 'config' | 'stored'>,
  emailOf: (userId: number) => string | null,
): ServerSetting[] {
  const changed = new Map(stored.settings.map(setting => [setting.name, setting]));
  return settingGroups.flatMap(({ title, settings }) =>
    settingFields
      .filter(field => field in settings)
      .map(field => ({
        ...describeField(field, title, environment),
        ...describeValue(field, { environment, config }, changed.get(variableOf(field)), emailOf),
      })),
  );
}

function describeField(field: SettingField, group: string, environment: Config) {
  const schema = configSchema.shape[field];
  const { expected, kind = 'other', choices, bounds } = valueInfo(schema);
  const why = whyFixed(environment, field);
  return {
    name: variableOf(field),
    group,
    description: schema.meta()?.description ?? '',
    kind,
    expected,
    choices: choices ? [...choices] : null,
    min: bounds?.min ?? null,
    max: bounds?.max ?? null,
    unit: bounds?.unit ?? null,
    changeable: why === undefined,
    fixed_because: why ?? null,
  };
}

function describeValue(
  field: SettingField,
  { environment, config }: { environment: Config; config: Config },
  change: StoredSetting | undefined,
  emailOf: (userId: number) => string | null,
) {
  const value = settingText(config, field);
  const before = settingText(environment, field);
  // An address can carry a password.
  const secret = valueInfo(configSchema.shape[field]).secret === true || looksSecret(value ?? '');
  const isChanged = change !== undefined && whyFixed(environment, field) === undefined;
  const by = isChanged ? change.changed_by : null;
  return {
    secret,
    is_set: value !== undefined,
    value: secret ? null : (value ?? null),
    environment_value: secret ? null : (before ?? null),
    source: isChanged
      ? ('administration' as const)
      : isGiven(environment, field)
        ? ('environment' as const)
        : ('default' as const),
    changed_at: isChanged ? change.changed_at.toISOString() : null,
    changed_by: by === null ? null : { id: by, email: emailOf(by) },
  };
}
