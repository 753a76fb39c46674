import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { scanMarkup } from '../scan-markup.ts';
import { openPackage, readPart, readTitle } from './open-package.ts';
import { findMainPart, readRelationships } from './read-relationships.ts';
import { readNotes, writeSlide } from './slides/write-slide.ts';
import type { ZipArchive } from './zip-archive.ts';

/** A presentation: each slide a page with its title as heading, its text, tables and speaker notes. */
export async function parsePptx({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const archive = await openPackage(bytes);
  const builder = new DocumentBuilder();
  builder.title = await readTitle(archive, 'docProps/core.xml');
  for (const slide of await listSlides(archive)) {
    builder.page();
    const xml = await archive.readText(slide);
    if (xml !== undefined) writeSlide(xml, builder);
    const notes = await readSpeakerNotes(archive, slide);
    if (notes !== '') builder.paragraph(`Notes: ${notes}`);
  }
  return builder.build();
}

/** The slides' parts in the order in which they are shown; those that are hidden included. */
async function listSlides(archive: ZipArchive): Promise<string[]> {
  const main = await findMainPart(archive, 'ppt/presentation.xml');
  const presentation = await readPart(archive, main, 'PowerPoint presentation (.pptx)');
  const relationships = await readRelationships(archive, main);
  const slides = new Set<string>();
  scanMarkup(
    presentation,
    {
      open: (name, attributes) => {
        if (name !== 'sldId') return;
        const relationship = relationships.get(attributes['r:id'] ?? '');
        // A set: one that is named again and again would cost far more than the file's size.
        if (relationship) slides.add(relationship.target);
      },
    },
    'xml',
  );
  return [...slides];
}

async function readSpeakerNotes(archive: ZipArchive, slide: string): Promise<string> {
  const relationships = await readRelationships(archive, slide);
  const notes = [...relationships.values()].find(({ type }) => type === 'notesSlide');
  const xml = notes && (await archive.readText(notes.target));
  return xml === undefined ? '' : readNotes(xml);
}
