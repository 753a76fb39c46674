import { analyse } from 'chardet';
import { detectDoubleByteEncoding } from './detect-double-byte-encoding.ts';
import { isPlausibleText, type Script } from './plausible-text.ts';

/** The encodings of one byte per character that are tried, the likeliest first, and what is written in them. */
const singleByteEncodings: { label: string; script: Script }[] = [
  { label: 'windows-1252', script: 'Latin' },
  { label: 'iso-8859-15', script: 'Latin' },
  { label: 'windows-1250', script: 'Latin' },
  { label: 'iso-8859-2', script: 'Latin' },
  { label: 'windows-1254', script: 'Latin' },
  { label: 'windows-1257', script: 'Latin' },
  { label: 'windows-1251', script: 'Cyrillic' },
  { label: 'koi8-r', script: 'Cyrillic' },
  { label: 'iso-8859-5', script: 'Cyrillic' },
  { label: 'ibm866', script: 'Cyrillic' },
  { label: 'windows-1253', script: 'Greek' },
  { label: 'windows-1255', script: 'Hebrew' },
  { label: 'windows-1256', script: 'Arabic' },
];

/** The detector's names, where the encoding that browsers read under this name is another (WHATWG Encoding). */
const labelOf: Record<string, string> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-6': 'windows-1256',
  'ISO-8859-9': 'windows-1254',
};

/**
 * The encoding of a text that is not UTF-8, as a WHATWG label, when there is strong evidence of it: the text
 * that it gives reads like one. A detector's opinion alone decides only between encodings that pass this:
 * it has one about any bytes.
 *
 * @param sample a part of the file that holds what is not ASCII.
 */
export function detectLegacyEncoding(sample: Uint8Array): string | undefined {
  return detectDoubleByteEncoding(sample) ?? detectSingleByteEncoding(sample);
}

function detectSingleByteEncoding(sample: Uint8Array): string | undefined {
  const plausible = singleByteEncodings.filter(({ label, script }) =>
    isPlausibleText(new TextDecoder(label).decode(sample), script),
  );
  if (plausible.length < 2) return plausible[0]?.label;
  const confidences = new Map(
    analyse(sample).map(({ name, confidence }) => [labelOf[name] ?? name.toLowerCase(), confidence]),
  );
  const confidence = (label: string) => confidences.get(label) ?? 0;
  return plausible.toSorted((a, b) => confidence(b.label) - confidence(a.label))[0]?.label;
}
