import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkCase } from './check-case.ts';
import type { CorpusCase } from './corpus-case.ts';
import { type CorpusServer, startCorpusServer } from './corpus-server.ts';
import { damagedFiles } from './hostile/damaged-files.ts';
import { hostileMails } from './hostile/hostile-mails.ts';
import { hostilePackages } from './hostile/hostile-packages.ts';
import { hostilePdfs } from './hostile/hostile-pdfs.ts';
import { hostileTexts } from './hostile/hostile-texts.ts';
import { zipBombs } from './hostile/zip-bombs.ts';
import { canMeasureMemory, measureGrowth } from './measure-memory.ts';
import { officeFiles } from './real/office-files.ts';
import { pdfFiles } from './real/pdf-files.ts';
import { textFiles } from './real/text-files.ts';

const real = [...officeFiles, ...pdfFiles, ...textFiles];
const hostile = [...hostileTexts, ...hostilePackages, ...hostilePdfs, ...hostileMails, ...damagedFiles];
const MOST_GROWTH_MB = 200;

describe('files of all kinds', () => {
  let server: CorpusServer;
  before(async () => {
    server = await startCorpusServer();
  });
  after(() => server.close());

  describe('those of other programs are read as people read them', { concurrency: 3 }, () => {
    for (const one of real)
      test(one.what, async t => {
        const text = await checkCase(server, one);
        if (one.expected.state === 'ready')
          t.assert.fileSnapshot(text, textPath(one), { serializers: [String] });
      });
  });

  describe('broken and hostile ones end as they should', { concurrency: 3 }, () => {
    for (const one of hostile) test(one.what, async () => void (await checkCase(server, one)));
  });

  test('the process has been alive all the while, and its database is whole', async t => {
    const { livenessChecks } = await server.checkHealth();
    assert.ok(livenessChecks > 0);
    t.diagnostic(`${real.length} files of other programs, ${hostile.length} broken or hostile ones`);
    t.diagnostic(`${livenessChecks} times asked whether the process lives`);
  });
});

const textPath = ({ filename }: CorpusCase) => `${import.meta.dirname}/texts/${filename}.txt`;

describe('files that unpack to far more than they are', () => {
  let server: CorpusServer;
  before(async () => {
    server = await startCorpusServer();
    // What reading any file needs is there afterwards.
    for (const one of real.filter(({ filename }) => /^pandoc.*docx$|^7z/.test(filename)))
      await checkCase(server, one);
  });
  after(() => server.close());

  for (const bomb of zipBombs)
    test(`${bomb.what} needs little memory`, async t => {
      const bytes = await bomb.bytes();
      const check = () => checkCase(server, { ...bomb, bytes: () => bytes });
      if (!canMeasureMemory) {
        t.diagnostic('memory is measured on Linux only');
        await check();
        return;
      }
      const grownMb = await measureGrowth(server.pid, check);
      t.diagnostic(`${(bytes.length / 1024).toFixed(0)} KB: grown by ${grownMb.toFixed(0)} MB at most`);
      assert.ok(grownMb < MOST_GROWTH_MB, `${grownMb} MB`);
    });

  test('the process has been alive all the while, and its database is whole', async () => {
    await server.checkHealth();
  });
});
