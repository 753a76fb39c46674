import { xmlText } from './docx-file.ts';
import { makeZip } from './zip-file.ts';

type Book = {
  title?: string;
  /** XHTML of each chapter's body, in reading order. */
  chapters: string[];
  /** Algorithm of what META-INF/encryption.xml says is encrypted. */
  encryption?: string;
};

/** Chapters are stored in reverse, so that only the spine gives their order; a contents page stands before them. */
export function makeEpub({ title = 'A book', chapters, encryption }: Book): Buffer {
  const page = (body: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/></head><body>${body}</body></html>`;
  const names = chapters.map((_, index) => `text/chapter ${index + 1}.xhtml`);
  const items = names.map(
    (name, index) => `<item id="c${index}" href="${encodeURI(name)}" media-type="application/xhtml+xml"/>`,
  );
  const contents = `<nav epub:type="toc"><ol><li><a href="${names[0]}">Contents</a></li></ol></nav><p>Contents</p>`;
  return makeZip([
    { name: 'mimetype', data: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      data: '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
    },
    ...(encryption === undefined
      ? []
      : [
          {
            name: 'META-INF/encryption.xml',
            data: `<encryption><enc:EncryptedData><enc:EncryptionMethod Algorithm="${encryption}"/></enc:EncryptedData></encryption>`,
          },
        ]),
    {
      name: 'OEBPS/content.opf',
      data: `<package><metadata><dc:title>${xmlText(title)}</dc:title><dc:title>Subtitle</dc:title></metadata><manifest><item id="toc" href="toc.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="css" href="a.css" media-type="text/css"/>${items.join('')}</manifest><spine><itemref idref="toc"/>${names.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    },
    { name: 'OEBPS/toc.xhtml', data: page(contents) },
    ...chapters.map((body, index) => ({ name: `OEBPS/${names[index]}`, data: page(body) })).reverse(),
  ]);
}
