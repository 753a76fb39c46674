import {
  clearMergeCache,
  countTokens as countWithLibrary,
  setMergeCacheSize,
} from 'gpt-tokenizer/encoding/r50k_base';

/**
 * The number of GPT-2 tokens (encoding r50k_base) of a text. `<|endoftext|>` inside counts as the ordinary
 * text that it is. Exact, but for runs of one kind of character (letters, digits, signs, white space) of
 * more than 255 characters, see below; there it may be a token or two too many per 256 characters.
 *
 * Byte pair encoding merges within such a run, and the library does so in time quadratic in the run's
 * length (100,000 times "a": 4 s, 5 million: hours). Therefore long runs are cut into pieces of 256
 * characters first, never inside a surrogate pair.
 */
export function countTokens(text: string): number {
  forgetNowAndThen(text.length);
  if (!hasLongRun(text)) return countWithLibrary(text, plainText);
  let tokens = 0;
  let start = 0;
  for (const cut of cutsInLongRuns(text)) {
    tokens += countWithLibrary(text.slice(start, cut), plainText);
    start = cut;
  }
  return tokens + countWithLibrary(text.slice(start), plainText);
}

/** No GPT-2 token covers more UTF-16 units than this. */
export const maxCharactersPerToken = 66;

const plainText = { disallowedSpecial: new Set<string>() };
const pieceLength = 256;

const oneKind = /^(?:\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+|\s+)$/u;
const runs = /\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+|\s+/gu;

/**
 * Whether some run may be too long: a run of 512 characters or more fills at least one aligned block of 256.
 * Looks at a few characters per block only.
 */
function hasLongRun(text: string): boolean {
  for (let start = 0; start + pieceLength <= text.length; start += pieceLength) {
    // Half a surrogate pair at either end would count as a sign of its own and hide a run of letters.
    const from = isInsidePair(text, start) ? start + 1 : start;
    const to = isInsidePair(text, start + pieceLength) ? start + pieceLength - 1 : start + pieceLength;
    if (oneKind.test(text.slice(from, to))) return true;
  }
  return false;
}

function* cutsInLongRuns(text: string): Generator<number> {
  for (const run of text.matchAll(runs)) {
    const end = run.index + run[0].length;
    for (let cut = run.index + pieceLength; cut < end; cut += pieceLength)
      yield isInsidePair(text, cut) ? cut - 1 : cut;
  }
}

function isInsidePair(text: string, offset: number): boolean {
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/**
 * The library remembers the words it has merged. Left alone it slows down fivefold on random text, because
 * it drops the oldest of 100,000 words one by one (V8 walks over all the dropped ones to find it), and it
 * holds on to whole documents, because longer words are slices of their text. So it is told never to drop
 * one, and to forget all of them now and then: warming up costs a tenth of the time.
 */
setMergeCacheSize(Number.MAX_SAFE_INTEGER);
const forgetAfterCharacters = 500_000;
let charactersSinceForgetting = 0;

function forgetNowAndThen(characters: number): void {
  charactersSinceForgetting += characters;
  if (charactersSinceForgetting < forgetAfterCharacters) return;
  charactersSinceForgetting = 0;
  clearMergeCache();
}
