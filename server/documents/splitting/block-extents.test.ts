import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Block } from '../reading/parsed-document.ts';
import { blockExtents } from './block-extents.ts';

/** Blocks are what stands in 〈brackets〉, which are taken out. */
function extentsOf(marked: string): string[] {
  const blocks: Block[] = [...marked.matchAll(/〈([^〉]*)〉/g)].map((found, index) => {
    const start = found.index - 2 * index;
    return { kind: 'paragraph', start, end: start + (found[1]?.length ?? 0) };
  });
  const text = marked.replace(/[〈〉]/g, '');
  return [...blockExtents(text, blocks)].map(({ start, end }) => text.slice(start, end));
}

test('marks on its own line belong to a block, those on lines of their own to the one before', () => {
  assert.deepEqual(extentsOf('# 〈Leave〉\n\n## 〈Pay〉 ##\n\n〈Some〉'), ['# Leave', '## Pay ##', 'Some']);
  assert.deepEqual(extentsOf('〈Leave〉\n=====\n\n- 〈One〉\n  12. 〈Two〉'), [
    'Leave\n=====',
    '- One',
    '12. Two',
  ]);
  assert.deepEqual(extentsOf('| 〈A | B〉 |\n|---|---|\n| 〈1 | 2〉 |'), [
    '| A | B |\n|---|---|',
    '| 1 | 2 |',
  ]);
  assert.deepEqual(extentsOf('---\n\n# 〈A〉\n```\n〈x = 1〉\n```\n'), ['---\n\n# A\n```', 'x = 1\n```']);
});

test('text between blocks is left alone', () => {
  assert.deepEqual(extentsOf('Words.\n〈One〉\n\nWords 2: 〈Two〉 12'), ['One', 'Two']);
  assert.deepEqual(extentsOf(`〈One〉\n${'/\\ '.repeat(99)}\n〈Two〉`), ['One', 'Two']);
  assert.deepEqual(extentsOf('〈 〉〈One 〉'), ['One']);
});

test('extents contain their blocks, in order, without overlap, and take time linear in the text', {
  timeout: 9000,
}, () => {
  const parts = fc.array(fc.constantFrom('〈a b〉', '〈- c\n〉', '# ', '\n', '3. ', 'words', '---', ' '));
  fc.assert(
    fc.property(parts, all => {
      const marked = all.join('');
      const found = extentsOf(marked);
      const contents = [...marked.matchAll(/〈([^〉]*)〉/g)].map(match => (match[1] ?? '').trim());
      assert.equal(found.length, contents.length);
      let at = 0;
      const text = marked.replace(/[〈〉]/g, '');
      for (const [index, extent] of found.entries()) {
        assert.ok(extent.includes(contents[index] ?? '') && extent === extent.trim());
        at = text.indexOf(extent, at);
        assert.ok(at >= 0);
        at += extent.length;
      }
    }),
  );
  assert.equal(extentsOf('〈a〉 - '.repeat(100_000)).length, 100_000);
});
