import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findFiles } from '../../cli/ingest/find-files.ts';
import { createFolder } from './run-lectern.ts';

/** A folder with these files; names ending with a slash are folders. */
async function plant(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await createFolder();
  t.after(() => folder.remove());
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder.path, dirname(name)), { recursive: true });
    await writeFile(join(folder.path, name), content);
  }
  return folder.path;
}

async function find(folder: string, exclude: string[] = []) {
  const { files, skipped, failed } = await findFiles([folder], exclude);
  return {
    files: files.map(({ path }) => relative(folder, path)),
    skipped: Object.fromEntries(skipped),
    failed: failed.map(({ path, reason }) => `${relative(folder, path)}: ${reason}`),
  };
}

test('files of all kinds that are read are found, in the order of their names', async t => {
  const names = [
    'b.md',
    'a.txt',
    'c/report.pdf',
    'c/Letter.DOCX',
    'd.xlsx',
    'e.html',
    'f.eml',
    'g.ts',
    'README',
  ];
  const folder = await plant(t, Object.fromEntries([...names, 'x.png', 'y.exe'].map(name => [name, 'x'])));
  const { files, skipped } = await find(folder);
  assert.deepEqual(files, [...names].sort());
  assert.deepEqual(skipped, { 'of a kind that is not read': 2 });
});

test('hidden files, node_modules and links to folders are left out below a folder, not when they are named', async t => {
  const folder = await plant(t, {
    '.git/a.txt': '',
    '.hidden.txt': '',
    'node_modules/p/a.txt': '',
    'a.txt': '',
  });
  await symlink('.', join(folder, 'circle'));
  await symlink('a.txt', join(folder, 'link.txt'));
  const { files, skipped } = await find(folder);
  assert.deepEqual(files, ['a.txt', 'link.txt']);
  assert.deepEqual(skipped, { hidden: 2, node_modules: 1, 'link to a folder': 1 });
  assert.deepEqual((await find(join(folder, '.git'))).files, ['a.txt']);
});

test('a link to a file outside of the folder is left out and named, unless it is what was asked for', async t => {
  const outside = await plant(t, { 'secret.txt': 'x' });
  const folder = await plant(t, { 'a.txt': '', 'inner/b.txt': '' });
  await symlink(join(outside, 'secret.txt'), join(folder, 'inner/absolute.txt'));
  await symlink(relative(folder, join(outside, 'secret.txt')), join(folder, 'relative.txt'));
  await symlink('../a.txt', join(folder, 'inner/upwards.txt'));
  const { files, skipped, linksOutside } = await findFiles([folder]);
  assert.deepEqual(
    files.map(({ path }) => relative(folder, path)),
    ['a.txt', 'inner/b.txt', 'inner/upwards.txt'],
  );
  assert.deepEqual(Object.fromEntries(skipped), { 'link out of the folder': 2 });
  assert.deepEqual(
    linksOutside.map(path => relative(folder, path)),
    ['inner/absolute.txt', 'relative.txt'],
  );
  const linked = await plant(t, {});
  await symlink(folder, join(linked, 'way'));
  assert.equal((await findFiles([join(linked, 'way')])).files.length, 3, 'the folder may be named by a link');
  assert.equal((await findFiles([join(folder, 'relative.txt')])).files.length, 1);
});

test('ignore files hold below themselves, nearer ones win, and .lecternignore wins over .gitignore', async t => {
  const folder = await plant(t, {
    '.gitignore': '# comment\n*.log.txt\n/build/\ndrafts/\nsecret.md\n',
    '.lecternignore': '!drafts/\ncontracts/**\n!contracts/public/\n',
    'a.log.txt': '',
    'build/a.txt': '',
    'docs/build/a.txt': '',
    'docs/.gitignore': '!secret.md\n*.csv\n/top.txt\n',
    'docs/secret.md': '',
    'docs/data.csv': '',
    'docs/top.txt': '',
    'docs/deep/top.txt': '',
    'docs/deep/data.csv': '',
    'data.csv': '',
    'secret.md': '',
    'drafts/a.md': '',
    'contracts/a.md': '',
    'we [1]/.gitignore': '*.md\n',
    'we [1]/a.md': '',
    'we [1]/a.txt': '',
  });
  const { files, skipped } = await find(folder);
  assert.deepEqual(
    files,
    [
      'data.csv',
      'docs/build/a.txt',
      'docs/deep/top.txt',
      'drafts/a.md',
      'docs/secret.md',
      'we [1]/a.txt',
    ].sort(),
  );
  assert.equal(skipped.ignored, 8);
});

test('--exclude wins over every ignore file', async t => {
  const folder = await plant(t, {
    '.lecternignore': '!keep/\n!*.txt\n',
    'keep/a.txt': '',
    'b.txt': '',
    'c/keep/d.md': '',
    'c/e.md': '',
  });
  const { files, skipped } = await find(folder, ['keep/', '*.txt']);
  assert.deepEqual(files, ['c/e.md']);
  assert.deepEqual(skipped, { hidden: 1, excluded: 3 });
});

test('a folder whose ignore file can not be read is not taken', async t => {
  const folder = await plant(t, { 'a/.gitignore': 'secret.txt', 'a/secret.txt': '', 'b.txt': '' });
  await chmod(join(folder, 'a/.gitignore'), 0);
  const { files, failed } = await find(folder);
  if (process.getuid?.() === 0) return; // Nothing is hidden from root.
  assert.deepEqual(files, ['b.txt']);
  assert.deepEqual(failed, ['a: no permission to read it']);
});

test('a file that is named twice is found once, and what is not there is told', async t => {
  const folder = await plant(t, { 'a.txt': 'four' });
  const { files, failed } = await findFiles([join(folder, 'a.txt'), folder, join(folder, 'none')]);
  assert.deepEqual(
    files.map(({ sizeBytes }) => sizeBytes),
    [4],
  );
  assert.deepEqual(
    failed.map(({ reason }) => reason),
    ['no such file or folder'],
  );
});
