/** Windows code pages as WHATWG labels; those that are missing here are read as windows-1252. */
const labels: Record<number, string> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
};

/** What a font's \fcharset says of the bytes written in it (RTF specification 1.9.1, font table). */
const charsets: Record<number, number> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** For a TextDecoder. */
export function labelOfCodePage(codePage: number): string {
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`;
  return labels[codePage] ?? 'windows-1252';
}

/** Undefined for a font in the document's own code page. */
export function labelOfCharset(charset: number): string | undefined {
  const codePage = charsets[charset];
  return codePage === undefined ? undefined : labelOfCodePage(codePage);
}
