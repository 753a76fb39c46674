import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingFields, whyFixed } from '../server/config/changeable-settings.ts';
import { readConfig } from '../server/config.ts';
import { configSchema, settingGroups, variableOf } from '../server/config-schema.ts';
import { valueInfo } from '../server/config-values.ts';
import { enAdministration } from '../web/language/catalogues/administration/en-administration.ts';
import { enSettingDescriptions } from '../web/language/catalogues/administration/en-setting-descriptions.ts';
import { enSettingTitles } from '../web/language/catalogues/administration/en-setting-titles.ts';

/* That every language has every text of these is what web/language/catalogues/catalogues.test.ts checks. */

const config = readConfig({}, { envFile: '' });
const changeable = settingFields.filter(field => whyFixed(config, field) !== 'needs_restart');
const keysBelow = (texts: object, prefix: string) =>
  Object.keys(texts)
    .filter(key => key.startsWith(prefix))
    .sort();

test('the page describes every setting that can be changed, in English as the server does', () => {
  assert.ok(changeable.length > 20);
  const described = changeable.map(field => [
    `about.${variableOf(field)}`,
    configSchema.shape[field].meta()?.description,
  ]);
  assert.deepEqual(
    Object.entries(enSettingDescriptions).sort(),
    described.sort(),
    'translate what has changed into the other languages too',
  );
});

test('the page has a title for every setting that can be changed, every group and every unit', () => {
  assert.deepEqual(
    keysBelow(enSettingTitles, 'setting.'),
    changeable.map(field => `setting.${variableOf(field)}`).sort(),
  );
  assert.deepEqual(
    keysBelow(enSettingTitles, 'settingGroup.'),
    settingGroups.map(({ title }) => `settingGroup.${title}`).sort(),
  );
  const units = changeable.map(field => valueInfo(configSchema.shape[field]).bounds?.unit);
  assert.deepEqual(
    keysBelow(enSettingTitles, 'unit.'),
    [...new Set(units.filter(unit => unit !== undefined).map(unit => `unit.${unit}`))].sort(),
  );
});

test('the page says what is expected of every kind of value that can be changed', () => {
  const kinds = new Set(changeable.map(field => valueInfo(configSchema.shape[field]).kind ?? 'other'));
  assert.ok(!kinds.has('other'));
  for (const kind of kinds) assert.ok(`expected.${kind}` in enAdministration, kind);
});
