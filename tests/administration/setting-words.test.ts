import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingFields } from '../../server/config/changeable-settings.ts';
import { configSchema, settingGroups } from '../../server/config-schema.ts';
import { valueInfo } from '../../server/config-values.ts';
import { enSettingTitles } from '../../web/language/catalogues/administration/en-setting-titles.ts';

test('the page has a word, and so a translation, for every group and unit of settings, and for no other', () => {
  const units = settingFields.map(field => valueInfo(configSchema.shape[field]).bounds?.unit);
  const words = [
    ...settingGroups.map(({ title }) => [`settingGroup.${title}`, title]),
    ...[...new Set(units)].filter(unit => unit !== undefined).map(unit => [`unit.${unit}`, unit]),
  ];
  const isWord = ([key]: [string, string]) => key.startsWith('settingGroup.') || key.startsWith('unit.');
  assert.deepEqual(
    Object.fromEntries(Object.entries(enSettingTitles).filter(isWord)),
    Object.fromEntries(words),
  );
});
