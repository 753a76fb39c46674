import { crc32, deflateRawSync } from 'node:zlib';

export type ZipMember = {
  name: string | Uint8Array;
  data: string | Uint8Array;
  /** Without: deflated. */
  stored?: boolean;
  /** What the archive says, whatever is true. */
  declaredSize?: number;
  encrypted?: boolean;
  method?: number;
};

/** A zip archive; members as `{ 'a.txt': 'text' }`, or as a list when something is to be odd about them. */
export function makeZip(members: Record<string, string | Uint8Array> | ZipMember[]): Buffer {
  const list = Array.isArray(members)
    ? members
    : Object.entries(members).map(([name, data]) => ({ name, data }));
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of list) {
    const name = Buffer.from(member.name);
    const { header, body } = encodeMember(member, name.length);
    const local = Buffer.concat([le(0x04034b50, 4), header, name, body]);
    directory.push(
      Buffer.concat([le(0x02014b50, 4), le(20, 2), header, Buffer.alloc(10), le(offset, 4), name]),
    );
    locals.push(local);
    offset += local.length;
  }
  return endZip(locals, directory, list.length);
}

/** One deflated body of zeros, entered in the directory under many names: overlapping entries (David Fifield, 2019). */
export function makeOverlappingZip(names: string[], inflatedBytes: number): Buffer {
  const data = Buffer.alloc(inflatedBytes, 0x20);
  const { header, body } = encodeMember({ name: 'x', data }, 1);
  const local = Buffer.concat([le(0x04034b50, 4), header, Buffer.from('x'), body]);
  const directory = names.map(name => {
    const bytes = Buffer.from(name);
    const entry = Buffer.from(header);
    entry.writeUInt16LE(bytes.length, 22);
    return Buffer.concat([le(0x02014b50, 4), le(20, 2), entry, Buffer.alloc(10), le(0, 4), bytes]);
  });
  return endZip([local], directory, names.length);
}

/** The fields that a member's two headers share, from "version needed" to the length of the extra field. */
function encodeMember(member: ZipMember, nameLength: number): { header: Buffer; body: Buffer } {
  const data = Buffer.from(member.data);
  const stored = member.stored ?? false;
  const body = stored ? data : deflateRawSync(data);
  const flags = 0x800 | (member.encrypted ? 1 : 0);
  const header = Buffer.concat([
    le(20, 2),
    le(flags, 2),
    le(member.method ?? (stored ? 0 : 8), 2),
    Buffer.alloc(4),
    le(crc32(data), 4),
    le(body.length, 4),
    le(member.declaredSize ?? data.length, 4),
    le(nameLength, 2),
    le(0, 2),
  ]);
  return { header, body };
}

function endZip(locals: Buffer[], directory: Buffer[], count: number): Buffer {
  const start = locals.reduce((sum, { length }) => sum + length, 0);
  const length = directory.reduce((sum, one) => sum + one.length, 0);
  const end = [
    le(0x06054b50, 4),
    Buffer.alloc(4),
    le(count, 2),
    le(count, 2),
    le(length, 4),
    le(start, 4),
    le(0, 2),
  ];
  return Buffer.concat([...locals, ...directory, ...end]);
}

function le(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
