const LONGEST_NAME = 255;

/**
 * A file name as it is stored and shown: without folders, control characters and marks that turn the
 * direction of writing (they make `gpj.exe` look like `exe.jpg`), at most 255 characters, ending kept.
 */
export function cleanFilename(filename: string): string {
  const base = filename.replace(/^.*[/\\]/s, '');
  const visible = base
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();
  if (visible === '' || /^\.+$/.test(visible)) return 'unnamed';
  if (visible.length <= LONGEST_NAME) return visible;
  const ending = /\.[^.]{1,10}$/.exec(visible)?.[0] ?? '';
  return `${visible.slice(0, LONGEST_NAME - ending.length).toWellFormed()}${ending}`;
}
