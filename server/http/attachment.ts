/** RFC 6266: the name in ASCII for old clients, whole (RFC 8187) for the others. */
export function attachment(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7E]|["\\%]/g, '_');
  const encoded = encodeURIComponent(filename).replace(/['()*]/g, escape);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
