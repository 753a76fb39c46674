/** The word pieces of a model's tokenizer.json. */
export type PairTokenizer = {
  /** Ids with [CLS] in front and [SEP] at the end. */
  encode(text: string): number[];
  /** Ids of the text alone. */
  ids(text: string): number[];
};

/** What a cross-encoder reads: [CLS] question [SEP] text [SEP]; the types are 0 up to the first [SEP], then 1. */
export type EncodedPair = { ids: number[]; typeIds: number[] };

/** A text has at least half of the room, however long the question is. */
const QUESTION_SHARE = 0.5;
const SPECIAL_PIECES = 3;
/** No word piece is longer: what lies beyond can't be read, and need not be cut into pieces. */
const MOST_CHARACTERS_PER_PIECE = 100;

/** Encodes texts against one question; the end of a text that is too long is cut off. */
export function createPairEncoder(
  tokenizer: PairTokenizer,
  question: string,
  maxPieces: number,
): (text: string) => EncodedPair {
  const [clsId, sepId] = tokenizer.encode('');
  if (clsId === undefined || sepId === undefined) throw new Error('the tokenizer has no [CLS] and [SEP]');
  const room = maxPieces - SPECIAL_PIECES;
  const piecesOf = (text: string, most: number) =>
    tokenizer.ids(text.slice(0, most * MOST_CHARACTERS_PER_PIECE)).slice(0, most);
  const asked = piecesOf(question, Math.floor(room * QUESTION_SHARE));
  return text => {
    const read = piecesOf(text, room - asked.length);
    return {
      ids: [clsId, ...asked, sepId, ...read, sepId],
      typeIds: [
        ...new Array<number>(asked.length + 2).fill(0),
        ...new Array<number>(read.length + 1).fill(1),
      ],
    };
  };
}
