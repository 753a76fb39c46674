import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { renderConfigurationPage, renderEnvExample } from '../docs/render-configuration.ts';
import { readConfig } from '../server/config.ts';
import { configSchema, settingGroups, variableOf } from '../server/config-schema.ts';

const root = resolve(import.meta.dirname, '..');
const remedy = 'run `node docs/generate-configuration.ts`';

test('docs/configuration.md says what the schema says', async () => {
  assert.equal(
    await readFile(resolve(root, 'docs/configuration.md'), 'utf8'),
    renderConfigurationPage(),
    remedy,
  );
});

test('.env.example says what the schema says', async () => {
  assert.equal(await readFile(resolve(root, '.env.example'), 'utf8'), renderEnvExample(), remedy);
});

test('every setting stands in one group, with its meaning', () => {
  const grouped = settingGroups.flatMap(group => Object.keys(group.settings));
  assert.deepEqual(grouped.toSorted(), Object.keys(configSchema.shape).toSorted());
  for (const [field, schema] of Object.entries(configSchema.shape)) {
    assert.ok(schema.meta()?.description, field);
  }
});

test('.env.example sets nothing as it is, and the defaults when everything is uncommented', () => {
  const example = renderEnvExample();
  assert.deepEqual(parseEnv(example), {});
  const uncommented = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  assert.deepEqual(
    Object.keys(uncommented).toSorted(),
    Object.keys(configSchema.shape).map(variableOf).toSorted(),
  );
  assert.deepEqual(readConfig(uncommented, { envFile: '' }), readConfig({}, { envFile: '' }));
});
