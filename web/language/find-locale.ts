/**
 * The reader's own variety of a language, where the browser knows it: dates differ between English and English.
 *
 * @param wanted what the browser says, which is not always a language tag: a Chromium that runs in the locale
 *   POSIX says `en-US@posix`, at which every `Intl` throws.
 */
export const findLocale = (language: string, wanted: readonly string[]): string =>
  wanted.find(tag => tag.toLowerCase().split('-')[0] === language && isTag(tag)) ?? language;

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
