/** What readers make a link of by themselves (GitHub's autolinks, and `//host` as linkify-it has it). */
const start = /^(?:(?:https?|ftps?)\\?:\\?\/\\?\/|www\\?\.(?=[\p{L}\p{N}_-])|(?:mailto|xmpp)\\?:(?=\S))/iu;
const maybeStart =
  /^(?:h|ht|htt|https?\\?:?\\?\/?\\?|f|ft|ftps?\\?:?\\?\/?\\?|w|ww|www\\?\.?|m|ma|mai|mail|mailt|mailto\\?:?|x|xm|xmp|xmpp\\?:?)$/i;
const withoutScheme = /^\/\/(?=[\p{L}\p{N}_-])/u;
/** Ends an address for everybody, or would end the code span or the cell of a table that it stands in. */
const end = /[\s<>"'`|\\[\](){}*$。，、；：！？（）「」『』《》]/u;
const LONGEST = 2_000;

/**
 * @param rest of the text.
 * @param before the character before it.
 * @param isLast nothing will follow.
 * @returns the address, and how much of the text it took; 'wait' when the next piece decides.
 */
export function readWebAddress(
  rest: string,
  before: string,
  isLast: boolean,
): { address: string; length: number } | 'wait' | undefined {
  const head = rest.slice(0, 16);
  if (!isLast && (maybeStart.test(rest) || (rest.length <= 2 && /^\/{1,2}$/.test(rest)))) return 'wait';
  const isBare = !/[\p{L}\p{N}:/]/u.test(before) && withoutScheme.test(head);
  const [scheme] = start.exec(head) ?? (isBare ? ['//'] : []);
  if (scheme === undefined) return undefined;
  const body = rest.slice(scheme.length, scheme.length + LONGEST);
  const at = body.search(end);
  if (at < 0 && body.length < LONGEST && !isLast) return 'wait';
  const whole = at < 0 ? body : body.slice(0, at);
  const kept = whole.replace(/[.,;:!?_~]+$/, '');
  return { address: scheme.replaceAll('\\', '') + kept, length: scheme.length + kept.length };
}
