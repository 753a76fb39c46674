/** Header bytes come as Latin-1; many servers send UTF-8 all the same, which hardly ever is valid by chance. */
export function decodeHeader(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}
