import { corePropertiesXml, relationshipsXml, xmlText } from './docx-file.ts';
import { makeZip } from './zip-file.ts';

type Slide = {
  title?: string;
  /** Text as a body's bullets; with tabs in front for deeper ones. */
  body?: string[];
  /** The first row is marked as header. */
  table?: string[][];
  /** Text outside of any placeholder. */
  box?: string;
  notes?: string;
  /** Any further PresentationML within the slide's tree of shapes. */
  shapes?: string;
};

const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const namespaces =
  'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** Slides are stored in reverse, so that only the presentation's list gives their order. */
export function makePptx(slides: Slide[], { title }: { title?: string } = {}): Buffer {
  const parts: Record<string, string> = {
    '_rels/.rels': relationshipsXml(
      `<Relationship Id="r1" Type="${types}/officeDocument" Target="ppt/presentation.xml"/>`,
    ),
    'ppt/presentation.xml': `<p:presentation ${namespaces}><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationshipsXml(
      slides
        .map(
          (_, index) =>
            `<Relationship Id="rId${index + 1}" Type="${types}/slide" Target="slides/slide${slides.length - index}.xml"/>`,
        )
        .join(''),
    ),
  };
  for (const [index, slide] of slides.entries()) {
    const number = slides.length - index;
    parts[`ppt/slides/slide${number}.xml`] = slideXml(slide);
    if (slide.notes === undefined) continue;
    parts[`ppt/slides/_rels/slide${number}.xml.rels`] = relationshipsXml(
      `<Relationship Id="rId1" Type="${types}/notesSlide" Target="../notesSlides/notesSlide${number}.xml"/>`,
    );
    parts[`ppt/notesSlides/notesSlide${number}.xml`] =
      `<p:notes ${namespaces}><p:cSld><p:spTree>${shape(['9'], 'sldNum')}${shape(slide.notes.split('\n'), 'body')}</p:spTree></p:cSld></p:notes>`;
  }
  if (title !== undefined) parts['docProps/core.xml'] = corePropertiesXml(title);
  return makeZip(parts);
}

function slideXml({ title, body, table, box, shapes = '' }: Slide): string {
  const content = [
    box === undefined ? '' : shape([box]),
    body ? shape(body, 'body') : '',
    title === undefined ? '' : shape([title], 'title'),
    table ? tableXml(table) : '',
    shape(['Confidential'], 'ftr'),
    shapes,
  ].join('');
  return `<p:sld ${namespaces}><p:cSld><p:spTree>${content}</p:spTree></p:cSld></p:sld>`;
}

function shape(paragraphs: string[], role?: string): string {
  const placeholder = role === undefined ? '' : `<p:ph${role === 'body' ? ' idx="1"' : ` type="${role}"`}/>`;
  return `<p:sp><p:nvSpPr><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs.map(paragraphXml).join('')}</p:txBody></p:sp>`;
}

function paragraphXml(text: string): string {
  const depth = /^\t*/.exec(text)?.[0].length ?? 0;
  const [first = '', ...others] = text.slice(depth).split('\n').map(xmlText);
  const runs = `<a:r><a:t>${first}</a:t></a:r>${others.map(line => `<a:br/><a:r><a:t>${line}</a:t></a:r>`).join('')}`;
  return `<a:p><a:pPr lvl="${depth}"/>${runs}</a:p>`;
}

function tableXml(rows: string[][]): string {
  const cell = (text: string) => `<a:tc><a:txBody>${paragraphXml(text)}</a:txBody></a:tc>`;
  const lines = rows.map(cells => `<a:tr>${cells.map(cell).join('')}</a:tr>`).join('');
  return `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>${lines}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
}
