/** Neither package has types of its own. */
declare module 'snowball-stemmers' {
  export type Stemmer = { stem(word: string): string };
  export function newStemmer(algorithm: string): Stemmer;
}

declare module 'stopword' {
  const lists: Record<string, string[]>;
  export default lists;
}
