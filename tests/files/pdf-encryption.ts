import { createHash } from 'node:crypto';

/** The standard security handler with RC4 and 40 bits (PDF 1.7, 7.6): old, and the shortest to write. */
export type PdfEncryption = { key: Buffer; id: string; dictionary: string };

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const permissions = -44;

export function pdfEncryption({ user, owner }: { user: string; owner: string }): PdfEncryption {
  const id = Buffer.alloc(16, 7);
  const ownerEntry = rc4(md5(pad(owner)).subarray(0, 5), pad(user));
  const rights = Buffer.alloc(4);
  rights.writeInt32LE(permissions);
  const key = md5(Buffer.concat([pad(user), ownerEntry, rights, id])).subarray(0, 5);
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`;
  const dictionary = `<</Filter/Standard/V 1/R 2/O${hex(ownerEntry)}/U${hex(rc4(key, padding))}/P ${permissions}>>`;
  return { key, id: hex(id), dictionary };
}

/** A string or stream of the object. */
export function encryptPdfObject({ key }: PdfEncryption, objectId: number, data: Buffer): Buffer {
  const salt = Buffer.alloc(5);
  salt.writeUIntLE(objectId, 0, 3);
  return rc4(md5(Buffer.concat([key, salt])).subarray(0, 10), data);
}

const pad = (password: string) => Buffer.concat([Buffer.from(password, 'latin1'), padding]).subarray(0, 32);

const md5 = (data: Buffer) => createHash('md5').update(data).digest();

/** Node's OpenSSL has RC4 switched off. */
function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number) => state[index & 255] ?? 0;
  const swap = (a: number, b: number) => {
    const kept = at(a);
    state[a & 255] = at(b);
    state[b & 255] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return Buffer.from(
    data.map(byte => {
      i = (i + 1) & 255;
      j = (j + at(i)) & 255;
      swap(i, j);
      return byte ^ at(at(i) + at(j));
    }),
  );
}
