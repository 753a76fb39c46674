import { DocumentError } from '../../../errors.ts';
import { decodeText } from '../decode-text.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { type MarkupDialect, scanMarkup } from '../scan-markup.ts';
import { renderHtml } from './render-html.ts';

/** The part marked as the page's own text is taken alone when it holds this share of what can be read. */
const LEAST_SHARE_OF_MAIN = 0.6;
/** UTF-16 units of a page's own text from which on what stands around it is left out. */
const SUBSTANTIAL = 500;
/** Of a page's markup. */
const NEARLY_ALL = 0.9;

/** A web page: what it says, without its navigation, and its title. */
export function parseHtml({ bytes, filename, charset }: DocumentFile): ParsedDocument {
  const { text: html, notes } = decodeText(bytes, charset);
  const dialect = /\.xht(ml)?$/i.test(filename) ? 'xhtml' : 'html';
  const page = readPage(html, dialect);
  if (page.text === '')
    throw new DocumentError(
      'document_without_text',
      'The page shows no text: it holds only scripts, navigation or pictures. Save it from the browser after it has loaded.',
    );
  return { ...page, title: findTitle(html, dialect), notes: [...notes, ...page.notes] };
}

function readPage(html: string, dialect: MarkupDialect): ParsedDocument {
  const parts = ['main', 'article'].map(name => sliceElement(html, name)).filter(part => part !== undefined);
  // Reading a large page once more only to compare takes seconds.
  const nearlyAll = parts.find(part => part.length >= NEARLY_ALL * html.length);
  const own = nearlyAll === undefined ? undefined : render(nearlyAll, dialect);
  if (own && own.text !== '') return own;
  const whole = render(html, dialect, { withoutSurroundings: parts.length > 0 });
  // A head that is not closed before the text hides it all.
  if (whole.text === '') return render(html.replace(/<\/?head\b[^>]{0,1000}>/gi, ''), dialect);
  const documents = parts.map(part => render(part, dialect));
  const main = documents.find(({ text }) => text.length >= LEAST_SHARE_OF_MAIN * whole.text.length);
  if (main) return main;
  const isSubstantial = parts.length === 0 || documents.some(({ text }) => text.length >= SUBSTANTIAL);
  return isSubstantial ? whole : render(html, dialect);
}

function render(html: string, dialect: MarkupDialect, { withoutSurroundings = false } = {}): ParsedDocument {
  const builder = new DocumentBuilder();
  renderHtml(html, builder, { dialect, withoutSurroundings });
  return builder.build();
}

/** From the first opening tag to the last closing one: a page of several articles is read as a whole. */
function sliceElement(html: string, name: string): string | undefined {
  const start = html.search(new RegExp(`<${name}[\\s>]`, 'i'));
  const ends = [`</${name}`, `</${name.toUpperCase()}`].map(tag => html.lastIndexOf(tag));
  const end = Math.max(...ends);
  return start >= 0 && end > start ? html.slice(start, end) : undefined;
}

/** That of the page's head; its drawings have titles of their own. */
function findTitle(html: string, dialect: MarkupDialect): string | undefined {
  const found: { title?: string; social?: string } = {};
  let isInside = false;
  let isDrawing = false;
  scanMarkup(
    html.slice(0, 200_000),
    {
      open: (name, { property, content }) => {
        if (name === 'svg') isDrawing = true;
        else if (name === 'title' && found.title === undefined && !isDrawing) {
          isInside = true;
          found.title = '';
        } else if (name === 'meta' && property?.toLowerCase() === 'og:title') found.social ??= content ?? '';
        else if (name === 'body') isInside = false;
      },
      close: name => {
        if (name === 'title') isInside = false;
        else if (name === 'svg') isDrawing = false;
      },
      text: text => {
        if (isInside) found.title += text;
      },
    },
    dialect,
  );
  return cleanTitle(found.title) ?? cleanTitle(found.social);
}

const cleanTitle = (title = '') =>
  title
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500) || undefined;
