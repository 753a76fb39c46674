const subjects = ['battery', 'warranty', 'holiday', 'invoice', 'printer', 'password', 'canteen', 'visitor'];
const verbs = ['covers', 'expires after', 'must be reported to', 'is described in', 'replaces', 'needs'];
const objects = ['the reception', 'chapter 4.2', 'twelve months', 'form AB-1234', 'the works council', 'IT'];

const pick = (list: string[], seed: number) => list[seed % list.length] ?? '';

/** Different documents of some sentences that share words. */
export function makeArticle(number: number): string {
  const sentences = Array.from({ length: 3 + (number % 40) }, (_, index) => {
    const seed = number * 7 + index * index + index;
    return `The ${pick(subjects, seed)} ${pick(verbs, seed >> 1)} ${pick(objects, seed >> 2)}.`;
  });
  return `Article ${number}.\n\n${sentences.join(' ')}`;
}
