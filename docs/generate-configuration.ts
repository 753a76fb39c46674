import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderConfigurationPage, renderEnvExample } from './render-configuration.ts';

/* Run after every change of server/config-schema.ts: node docs/generate-configuration.ts */

const root = resolve(import.meta.dirname, '..');
writeFileSync(resolve(root, 'docs/configuration.md'), renderConfigurationPage());
writeFileSync(resolve(root, '.env.example'), renderEnvExample());
