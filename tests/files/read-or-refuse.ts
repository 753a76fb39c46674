import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { Parser } from '../../server/documents/reading/parsed-document.ts';
import { DocumentError } from '../../server/errors.ts';
import { checkParsedDocument } from './describe-blocks.ts';
import { makeZip } from './zip-file.ts';

/**
 * Gives the parser the file cut off at many places and with bits changed, and, when it is a zip, with characters of
 * its parts changed (or checksums would hide the parts from the parser). Each must be read or refused.
 */
export async function readOrRefuse(bytes: Buffer, parse: Parser, { runs = 150 } = {}): Promise<void> {
  const attempt = async (altered: Uint8Array) => {
    try {
      checkParsedDocument(await parse({ bytes: altered, filename: 'hostile' }));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      assert.ok(error.message.length > 20, 'says what is the matter');
    }
  };
  for (let part = 0; part < 40; part++)
    await attempt(bytes.subarray(0, Math.floor((bytes.length * part) / 40)));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => attempt(flipBit(bytes, at, bit))),
    { numRuns: runs },
  );
  const parts = bytes.subarray(0, 2).toString() === 'PK' ? unzipOwn(bytes) : [];
  if (parts.length === 0) return;
  const change = fc.record({
    part: fc.nat(parts.length - 1),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.nat(20),
    inserted: fc.constantFrom(
      '',
      '<',
      '>',
      '&',
      '"',
      '</',
      '<x>',
      '-1',
      '99999999999',
      '\0',
      '\u{FFFE}',
      ']]>',
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), changes => {
      const members = parts.map(({ name, data }) => ({ name, data: data.toString() }));
      for (const { part, at, removed, inserted } of changes) {
        const member = members[part];
        if (!member) continue;
        const index = Math.floor(at * member.data.length);
        member.data = member.data.slice(0, index) + inserted + member.data.slice(index + removed);
      }
      return attempt(makeZip(members));
    }),
    { numRuns: runs },
  );
}

function flipBit(bytes: Buffer, at: number, bit: number): Buffer {
  const altered = Buffer.from(bytes);
  altered[at] = (altered[at] ?? 0) ^ (1 << bit);
  return altered;
}

/** The members of an archive that makeZip made. */
function unzipOwn(bytes: Buffer): { name: string; data: Buffer }[] {
  const members: { name: string; data: Buffer }[] = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const isStored = bytes.readUInt16LE(at + 8) === 0;
    const packedLength = bytes.readUInt32LE(at + 18);
    const start = at + 30 + bytes.readUInt16LE(at + 26);
    const packed = bytes.subarray(start, start + packedLength);
    members.push({
      name: bytes.subarray(at + 30, start).toString(),
      data: isStored ? packed : inflateRawSync(packed),
    });
    at = start + packedLength;
  }
  return members;
}
