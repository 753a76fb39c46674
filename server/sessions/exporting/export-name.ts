const MOST_CHARACTERS = 80;

/** A file name without what file systems refuse or shells take for something else. */
export function exportName({ id, title }: { id: number; title: string | null }, extension: string): string {
  const name = (title ?? '')
    .normalize('NFC')
    .replace(/[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}<>:"\/\\\|?*'`$\&;!%#\{\}\[\]]--[\u200c\u200d]]/gv, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s~-]+|[.\s…]+$/g, '');
  const cut = Array.from(name).slice(0, MOST_CHARACTERS).join('').trim();
  return `${cut === '' ? `Session ${id}` : cut}.${extension}`;
}
