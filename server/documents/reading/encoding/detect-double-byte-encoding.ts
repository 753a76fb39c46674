/** What one character of two bytes is, in an encoding: a common one, a sign that shows nothing, or a rare one. */
type Kind = 'common' | 'kana' | 'sign' | 'rare';

type DoubleByteEncoding = {
  label: string;
  kindOf: (lead: number, trail: number) => Kind;
  /** The share of common characters (and kana) in a real text of the language. */
  leastCommon: number;
  /** Japanese is known by its kana: no real text is without. */
  leastKana: number;
};

const within = (byte: number, from: number, to: number) => byte >= from && byte <= to;

/**
 * The national standards put common characters in rows of their own (GB 2312 level 1, KS X 1001 Hangul,
 * Big5 level 1, JIS level 1); bytes of another encoding fall all over the table.
 */
const encodings: DoubleByteEncoding[] = [
  {
    label: 'shift_jis',
    kindOf: (lead, trail) => {
      if ((lead === 0x82 && within(trail, 0x9f, 0xf1)) || (lead === 0x83 && trail <= 0x96)) return 'kana';
      if (lead === 0x81 || lead === 0x82) return 'sign';
      return within(lead, 0x88, 0x98) ? 'common' : 'rare';
    },
    leastCommon: 0.9,
    leastKana: 0.2,
  },
  {
    label: 'euc-jp',
    kindOf: (lead, trail) => {
      if ((lead === 0xa4 || lead === 0xa5) && trail >= 0xa1) return 'kana';
      if (lead === 0xa1 || lead === 0xa3) return 'sign';
      return within(lead, 0xb0, 0xcf) && trail >= 0xa1 ? 'common' : 'rare';
    },
    leastCommon: 0.9,
    leastKana: 0.2,
  },
  {
    label: 'euc-kr',
    kindOf: (lead, trail) => {
      if (within(lead, 0xa1, 0xa3)) return 'sign';
      return within(lead, 0xb0, 0xc8) && trail >= 0xa1 ? 'common' : 'rare';
    },
    leastCommon: 0.95,
    leastKana: 0,
  },
  {
    label: 'gb18030',
    kindOf: (lead, trail) => {
      if (within(lead, 0xa1, 0xa3)) return 'sign';
      return within(lead, 0xb0, 0xd7) && trail >= 0xa1 ? 'common' : 'rare';
    },
    leastCommon: 0.85,
    leastKana: 0,
  },
  {
    label: 'big5',
    kindOf: lead => {
      if (within(lead, 0xa1, 0xa3)) return 'sign';
      return within(lead, 0xa4, 0xc6) ? 'common' : 'rare';
    },
    leastCommon: 0.85,
    leastKana: 0,
  },
];

/** Fewer different characters are no evidence. */
const LEAST_CHARACTERS = 6;

/** The East Asian encoding of a text, as a WHATWG label, when its characters are the language's common ones. */
export function detectDoubleByteEncoding(sample: Uint8Array): string | undefined {
  return encodings.find(encoding => isWrittenIn(sample, encoding))?.label;
}

function isWrittenIn(sample: Uint8Array, encoding: DoubleByteEncoding): boolean {
  const { common, kana, rare, different } = countKinds(sample, encoding);
  const characters = common + kana + rare;
  return (
    different >= LEAST_CHARACTERS &&
    common + kana >= encoding.leastCommon * characters &&
    kana >= encoding.leastKana * characters &&
    decodes(sample, encoding.label)
  );
}

function countKinds(sample: Uint8Array, { kindOf }: DoubleByteEncoding): Record<Kind | 'different', number> {
  const counts = { common: 0, kana: 0, sign: 0, rare: 0 };
  const different = new Set<number>();
  for (let at = 0; at + 1 < sample.length; ) {
    const lead = sample[at] ?? 0;
    const trail = sample[at + 1] ?? 0;
    if (lead >= 0x80) {
      counts[kindOf(lead, trail)]++;
      different.add(lead * 256 + trail);
    }
    at += lead >= 0x80 ? 2 : 1;
  }
  return { ...counts, different: different.size };
}

/** The sample may end within a character. */
function decodes(sample: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
