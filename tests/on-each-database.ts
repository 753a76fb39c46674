import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { createTestApp, type TestApp, type TestAppOptions } from './create-test-app.ts';

export type CreateApp = (options?: TestAppOptions) => Promise<TestApp>;
export type TestServer = { kind: 'embedded' | 'native'; url: string | undefined };

const serverUrl = process.env.TEST_DATABASE_URL;

/**
 * Registers the suite twice: for the embedded database and for the native one at TEST_DATABASE_URL.
 * Without that the native one is skipped, or fails where CI=true. Apps made by `createApp` are closed at
 * the end, and an error that one logs, or anything on console.error, fails the test during which it came.
 */
export function onEachDatabase(
  name: string,
  register: (createApp: CreateApp, server: TestServer) => void,
): void {
  registerSuite(`${name} (embedded)`, { kind: 'embedded', url: undefined }, register);
  const missing = 'TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one';
  if (serverUrl) registerSuite(`${name} (native)`, { kind: 'native', url: serverUrl }, register);
  else
    test(`${name} (native)`, { skip: process.env.CI === 'true' ? false : missing }, () =>
      assert.fail(missing),
    );
}

function registerSuite(
  name: string,
  server: TestServer,
  register: (createApp: CreateApp, server: TestServer) => void,
): void {
  describe(name, () => {
    const apps: TestApp[] = [];
    const consoleErrors = captureConsoleErrors();
    const check = () => {
      assert.deepEqual(consoleErrors.splice(0), [], 'unexpected console.error');
      for (const app of apps) app.log.check();
    };
    afterEach(check);
    after(async () => {
      for (const app of apps) await app.close();
      check();
    });
    register(async options => {
      const app = await createTestApp(server.url, options);
      apps.push(app);
      return app;
    }, server);
  });
}

const captured: unknown[][] = [];

/** What went to console.error; an unhandled rejection fails a test by itself. */
function captureConsoleErrors(): unknown[][] {
  console.error = (...parts: unknown[]) => void captured.push(parts);
  return captured;
}
