type Span = { start: number; end: number };

/** Of a section that is worth a question, in UTF-16 units. */
const LEAST_SECTION = 60;

/**
 * The headings whose sections come nearest to what was read of a document, those that follow first: a reader goes on
 * rather than back. Left out are the sections that were read, those without a text of their own, and the first
 * heading, which is mostly the title of the whole.
 *
 * @param textLength of the document, in UTF-16 units.
 */
export function chooseHeadings(headings: Span[], read: Span[], textLength: number): Span[] {
  const sections = headings.map(({ start, end }, index) => ({
    index,
    heading: { start, end },
    body: { start: end, end: headings[index + 1]?.start ?? textLength },
  }));
  const isRead = (body: Span) => read.some(span => span.start < body.end && span.end > body.start);
  const places = sections.filter(({ body }) => isRead(body)).map(({ index }) => index);
  const steps = (index: number) =>
    Math.min(...places.map(place => (index >= place ? index - place : place - index + 0.5)));
  return sections
    .filter(({ index, body }) => index > 0 && body.end - body.start >= LEAST_SECTION && !isRead(body))
    .toSorted((one, other) => steps(one.index) - steps(other.index) || one.index - other.index)
    .map(({ heading }) => heading);
}
