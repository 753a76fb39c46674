/** Letters and digits alone: the text that was won has spaces, hyphens and table rules of its own. */
const normalise = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
/** A quote that runs over the end of a page is found by its beginning. */
const BEGINNING = 60;

/** From and to, in UTF-16 units of one text item. */
export type Marked = { from: number; to: number };

/** Finds a quote in the text items of a PDF page, whatever their white space and ligatures. */
export function locateQuote(items: string[], quote: string): Map<number, Marked> {
  const places: { item: number; at: number }[] = [];
  let page = '';
  for (const [item, text] of items.entries())
    for (const { segment, index } of new Intl.Segmenter().segment(text)) {
      const letters = normalise(segment);
      for (const _ of letters) places.push({ item, at: index });
      page += letters;
    }
  const wanted = normalise(quote);
  const whole = page.indexOf(wanted);
  const beginning = wanted.slice(0, BEGINNING);
  const at = whole >= 0 ? whole : page.indexOf(beginning);
  const length = whole >= 0 ? wanted.length : beginning.length;
  const marked = new Map<number, Marked>();
  if (at < 0 || length === 0) return marked;
  for (const place of places.slice(at, at + length)) {
    const known = marked.get(place.item);
    marked.set(place.item, { from: known?.from ?? place.at, to: place.at + 1 });
  }
  return marked;
}
