import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CapturedLog, secretsOf } from './captured-log.ts';

test('a line with a secret of the settings fails the check, and so does an error that nobody announced', () => {
  const log = new CapturedLog();
  log.keepSecret(
    secretsOf({
      DATABASE_URL: 'postgres://lectern:correct-horse%21@db/lectern',
      LLM_API_KEY: 'sk-test-SECRET-0123456789',
      LLM_MODEL: 'a-model-that-is-no-secret',
    }),
  );
  log.logger.info({ apiKey: 'sk-test-SECRET-0123456789' }, 'fields with a name of a secret are redacted');
  log.logger.info('a-model-that-is-no-secret');
  log.check();
  log.logger.debug('asked with sk-test-SECRET-0123456789');
  assert.throws(() => log.check(), /logged a secret/);
  const other = new CapturedLog();
  other.keepSecret(['correct-horse!']);
  other.logger.trace({ reason: 'no such user correct-horse!' }, 'denied');
  assert.throws(() => other.check(), /logged a secret/);
  const third = new CapturedLog();
  third.logger.error('unforeseen');
  assert.throws(() => third.check(), /no test expects/);
});
