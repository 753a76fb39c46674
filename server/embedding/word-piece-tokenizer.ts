import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';

/** Turns text into the word pieces of a BERT-like embedding model. */
export type WordPieceTokenizer = {
  /** The most pieces that the model reads, [CLS] and [SEP] included. */
  readonly maxPieces: number;
  /** Token ids with [CLS] in front and [SEP] at the end, cut to `maxPieces`. */
  encode(text: string): number[];
  /** The ids of all pieces of a text, without [CLS] and [SEP]. */
  ids(text: string): number[];
  /** The number of pieces of the whole text, without [CLS] and [SEP]. Linear in the text's length. */
  count(text: string): number;
};

/** Tens of thousands of entries: z.record takes as long for them as all else takes that a model's thread begins with. */
const vocabulary = z.custom<Record<string, number>>(
  value =>
    typeof value === 'object' && value !== null && Object.values(value).every(id => typeof id === 'number'),
);

const tokenizerJson = z.looseObject({
  normalizer: z.looseObject({ type: z.literal('BertNormalizer') }),
  pre_tokenizer: z.looseObject({ type: z.literal('BertPreTokenizer') }),
  model: z.looseObject({
    type: z.literal('WordPiece'),
    vocab: vocabulary,
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    max_input_chars_per_word: z.number(),
  }),
  added_tokens: z.array(z.looseObject({ content: z.string() })),
});

const defaultMaxPieces = 256;

/**
 * Loads `tokenizer.json` of a sentence-transformers model folder. The truncation and padding stored in that
 * file are left aside: @huggingface/tokenizers ignores them, and both would be wrong here (128, padded).
 */
export async function loadWordPieceTokenizer(modelFolder: string): Promise<WordPieceTokenizer> {
  const parsed = tokenizerJson.safeParse(await readJson(join(modelFolder, 'tokenizer.json')));
  if (!parsed.success)
    throw new Error(`${modelFolder}/tokenizer.json is not a BERT tokenizer of word pieces.`, {
      cause: parsed.error,
    });
  const { model, added_tokens } = parsed.data;
  const config = await readJson(join(modelFolder, 'tokenizer_config.json'));
  const specialTokens = added_tokens.map(token => token.content);
  const create = (vocab: Record<string, number>) =>
    new Tokenizer({ ...parsed.data, model: { ...model, vocab } }, z.looseObject({}).parse(config));
  // The pieces are found below: the library's own two copies of the vocabulary are made when special tokens need them.
  const library = create(pick(model.vocab, [...specialTokens, model.unk_token]));
  let whole: Tokenizer | undefined;
  const encodeSpecial = (word: string) => {
    whole ??= create(model.vocab);
    return whole.encode(word, { add_special_tokens: false }).ids;
  };
  const [clsId, sepId] = library.encode('').ids;
  const unknownId = model.vocab[model.unk_token];
  if (clsId === undefined || sepId === undefined || unknownId === undefined)
    throw new Error(`${modelFolder}/tokenizer.json lacks [CLS], [SEP] or ${model.unk_token}.`);

  const maxPieces = await readMaxPieces(modelFolder, config);
  const match = longestMatcher(model.vocab, model.continuing_subword_prefix, unknownId);
  const idsOfWord = memoise(word => {
    if (specialTokens.some(special => word.includes(special))) return encodeSpecial(word);
    const normalised = library.normalizer ? library.normalizer.normalize(word) : word;
    const tokens: string[] = library.pre_tokenizer?.pre_tokenize(normalised) ?? [normalised];
    return tokens.flatMap(token =>
      isLongerThan(token, model.max_input_chars_per_word) ? [unknownId] : match(token),
    );
  });

  return {
    maxPieces,
    encode(text) {
      const ids = [clsId];
      for (const [word] of text.matchAll(wordPattern)) {
        for (const id of idsOfWord(word)) ids.push(id);
        if (ids.length >= maxPieces) break;
      }
      ids.length = Math.min(ids.length, maxPieces - 1);
      ids.push(sepId);
      return ids;
    },
    ids(text) {
      return Array.from(text.matchAll(wordPattern), ([word]) => idsOfWord(word)).flat();
    },
    count(text) {
      let pieces = 0;
      for (const [word] of text.matchAll(wordPattern)) pieces += idsOfWord(word).length;
      return pieces;
    },
  };
}

const pick = (all: Record<string, number>, names: string[]): Record<string, number> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

/**
 * BERT's normalisation and pre-tokenisation never look across white space or a CJK ideograph (it puts spaces
 * around each), so the pieces of a text are those of these "words", one after the other, and can be
 * remembered word by word. Only what the normaliser turns into a space may separate: it deletes control
 * characters such as U+000B, U+000C and U+0085, and U+FEFF, so the words around them grow together.
 */
const ideograph = '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff';
const wordPattern = new RegExp(`[${ideograph}]|[^\\t\\n\\r\\u2028\\u2029\\p{Zs}${ideograph}]+`, 'gu');

/**
 * WordPiece: the longest piece of the vocabulary that matches, again and again; a word that can't be covered
 * is one unknown piece (Wu et al. 2016, as in BERT). The library tries every length up to the word's end and
 * joins arrays for it: 18 s per MB of hexadecimal; no longer than the longest piece is enough.
 */
function longestMatcher(vocabulary: Record<string, number>, continuingPrefix: string, unknownId: number) {
  const heads = new Map<string, number>();
  const continuations = new Map<string, number>();
  let longest = 0;
  for (const [piece, id] of Object.entries(vocabulary)) {
    heads.set(piece, id);
    if (piece.startsWith(continuingPrefix)) continuations.set(piece.slice(continuingPrefix.length), id);
    longest = Math.max(longest, piece.length);
  }
  return (token: string): number[] => {
    const ids: number[] = [];
    let start = 0;
    while (start < token.length) {
      const pieces = start === 0 ? heads : continuations;
      let end = Math.min(token.length, start + longest);
      let id = pieces.get(token.slice(start, end));
      while (id === undefined && end > start + 1) {
        end -= 1;
        id = pieces.get(token.slice(start, end));
      }
      if (id === undefined) return [unknownId];
      ids.push(id);
      start = end;
    }
    return ids;
  };
}

const maxRememberedWords = 50_000;
const maxRememberedLength = 40;

/** Remembers the ids of short words: text repeats them. Starts over when full, so memory is bounded. */
function memoise(idsOfWord: (word: string) => number[]): (word: string) => number[] {
  const remembered = new Map<string, number[]>();
  return word => {
    const known = remembered.get(word);
    if (known) return known;
    const ids = idsOfWord(word);
    if (word.length <= maxRememberedLength) {
      if (remembered.size >= maxRememberedWords) remembered.clear();
      // A copy: V8 cuts a match out of the text as a slice, which would keep the whole document alive.
      remembered.set(Buffer.from(word, 'utf16le').toString('utf16le'), ids);
    }
    return ids;
  };
}

/** Whether the text has more than `limit` code points. */
function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  return Array.from(text).length > limit;
}

/**
 * sentence-transformers keeps the length a model was trained with in sentence_bert_config.json; the
 * `model_max_length` of the tokenizer is only what the network can take (512 for all-MiniLM-L6-v2,
 * trained and exported for 256).
 */
async function readMaxPieces(modelFolder: string, tokenizerConfig: unknown): Promise<number> {
  const limit = z.looseObject({ model_max_length: z.number() }).safeParse(tokenizerConfig);
  const trained = await readJson(join(modelFolder, 'sentence_bert_config.json')).catch(ignoreMissingFile);
  const length = z.looseObject({ max_seq_length: z.int().min(16) }).safeParse(trained);
  return Math.min(
    length.success ? length.data.max_seq_length : defaultMaxPieces,
    limit.success ? limit.data.model_max_length : defaultMaxPieces,
  );
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function ignoreMissingFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
