/**
 * The number of the page on which the text at the offset stands, white space before it aside; 0 when the
 * document has no pages.
 *
 * @param pageStarts ascending; page n begins at `pageStarts[n - 1]`.
 */
export function pageAt(pageStarts: number[], text: string, offset: number): number {
  const rest = text.slice(offset, offset + 2_000);
  const at = offset + (rest.length - rest.trimStart().length);
  let low = 0;
  let high = pageStarts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pageStarts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
