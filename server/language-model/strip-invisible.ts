/**
 * Characters that nobody sees, wherever they stand: soft hyphens, zero width spaces, word joiners, bidi
 * controls, tags, controls. A regular expression's source, for the flag `u`.
 */
export const neverVisible =
  '[\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}]|[^\\P{Cc}\\t\\n]';
/** Some flags are written with tags: a black flag, up to six of them and an end. */
const flagOfTags = '\\u{1F3F4}[\\u{E0061}-\\u{E007A}\\u{E0030}-\\u{E0039}]{1,6}\\u{E007F}';
/** Selectors change how the character before looks, joiners how its neighbours do. */
const selectorOrJoiner = /[\uFE00-\uFE0F\u200C\u200D]/gu;
const flagOrInvisible = new RegExp(`(${flagOfTags})|${neverVisible}`, 'gu');

/** Scripts in whose words a joiner or a non-joiner has a meaning: Persian, Hindi, Sinhala and others. */
const joiningScript =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const emoji = /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]\uFE0F?|\u{E007F})$/u;
const emojiFollows = /^\p{Extended_Pictographic}/u;
/** A digit becomes a keycap, a sign a picture. */
const emojiBase = /[\p{Emoji}]$/u;

/**
 * A text as a language model may read it: without the characters that a model sees and a person does not,
 * in which a document could hide instructions. Those that a script or an emoji needs stay: a joiner after
 * a letter of Persian or Hindi or between two emoji, one emoji selector after an emoji.
 */
export function stripInvisible(text: string): string {
  return text
    .replace(flagOrInvisible, (_, flag: string | undefined) => flag ?? '')
    .replace(selectorOrJoiner, (mark, at: number, whole: string) =>
      isNeeded(mark, whole.slice(Math.max(0, at - 4), at), whole.slice(at + 1, at + 3)) ? mark : '',
    );
}

function isNeeded(mark: string, before: string, after: string): boolean {
  if (mark === '\uFE0E' || mark === '\uFE0F') return emojiBase.test(before);
  if (mark === '\u200D' && emoji.test(before) && emojiFollows.test(after)) return true;
  return (mark === '\u200C' || mark === '\u200D') && joiningScript.test(before);
}
