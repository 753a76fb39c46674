import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slimWordXml } from './slim-word-xml.ts';

test('what says how text looks goes, what says what it is stays', () => {
  const run =
    '<w:r w:rsidR="00A"><w:rPr><w:rFonts w:ascii="Arial"/><w:sz w:val="22"/></w:rPr><w:t>w:sz rFonts</w:t></w:r>';
  assert.equal(slimWordXml(run), '<w:r><w:t>w:sz rFonts</w:t></w:r>');
  const kept =
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:numPr/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>&lt;w:sz/&gt;</w:t></w:r></w:p><w:spacingOut/><w:color>x</w:color>';
  assert.equal(slimWordXml(kept), kept);
});
