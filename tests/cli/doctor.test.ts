import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { type DoctorReport, doctorReport } from '../../contract/doctor.ts';
import { createFolder, runLectern } from './run-lectern.ts';

const folder = await createFolder();
after(() => folder.remove());

test('a new database is in order', async () => {
  const { code, stdout } = await runLectern(folder.path, ['doctor']);
  assert.equal(code, 0);
  assert.match(stdout, /^ok {7}missing_embeddings$/m);
  assert.match(stdout, /\nThe database is in order\.\n$/);
  const json = await runLectern(folder.path, ['doctor', '--json']);
  assert.equal(doctorReport.parse(JSON.parse(json.stdout)).healthy, true);
});

test('what is wrong is told, also what was repaired, and the exit code says it', async () => {
  const check = { name: 'stuck_leases', meaning: 'A worker is silent.', found: 2 } as const;
  const findings = [{ document_id: 7, detail: 'since noon' }];
  const server = createServer(async (request, response) => {
    const { repair } = JSON.parse(await text(request)) as { repair: boolean };
    const report: DoctorReport = {
      healthy: repair,
      checks: [{ ...check, findings, repaired: repair ? 2 : 0 }],
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(report));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const url = `http://127.0.0.1:${address.port}`;
  try {
    const { code, stdout } = await runLectern(folder.path, ['doctor', '--server', url]);
    assert.equal(code, 1);
    assert.equal(
      stdout,
      'PROBLEM  stuck_leases: 2. A worker is silent.\n' +
        '           document 7: since noon\n' +
        '           … and 1 more\n' +
        'Something is wrong: lectern doctor --repair mends what can be mended.\n',
    );
    const repaired = await runLectern(folder.path, ['doctor', '--repair', '--server', url]);
    assert.equal(repaired.code, 0);
    assert.match(repaired.stdout, /^repaired stuck_leases: 2\./);
  } finally {
    server.close();
  }
});
