/** A piece of text that becomes an index term, whatever the language. */
export type Unit = {
  /** Normalised; its case as it stands. */
  text: string;
  /** A word is stemmed; what is exact (numbers, codes, n-grams) is only folded. */
  kind: 'word' | 'exact';
  /** The text that its sub-word units are taken from; empty for none. */
  subwordsOf: string;
  /** "AB-1234" is a whole whose parts are units too. */
  role: 'single' | 'part' | 'whole';
};
