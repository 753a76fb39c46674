import { posix } from 'node:path';
import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import { renderHtml } from '../formats/render-html.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { scanMarkup } from '../scan-markup.ts';
import { openPackage, readPart, readTitle } from './open-package.ts';
import type { ZipArchive } from './zip-archive.ts';

type Chapter = { partName: string; isXhtml: boolean };

/** These only keep fonts from being taken out of the book; its text is plain. */
const fontObfuscations = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC']);

/** A book: its chapters in reading order, without its table of contents. */
export async function parseEpub({ bytes }: DocumentFile): Promise<ParsedDocument> {
  const archive = await openPackage(bytes);
  await refuseProtected(archive);
  const packageName = await findPackageDocument(archive);
  const packageXml = await readPart(archive, packageName, 'book (.epub)');
  const builder = new DocumentBuilder();
  builder.title = await readTitle(archive, packageName);
  let missing = 0;
  for (const { partName, isXhtml } of listChapters(packageXml, posix.dirname(packageName))) {
    const chapter = await archive.readText(partName);
    if (chapter === undefined) missing++;
    else renderHtml(chapter, builder, { dialect: isXhtml ? 'xhtml' : 'html' });
  }
  if (missing > 0)
    builder.note({
      code: 'content_skipped',
      message: `${missing} of the book's chapters are missing in the file.`,
    });
  return builder.build();
}

async function findPackageDocument(archive: ZipArchive): Promise<string> {
  const xml = await readPart(archive, 'META-INF/container.xml', 'book (.epub)');
  let path: string | undefined;
  const open = (name: string, attributes: Record<string, string | undefined>) => {
    if (name === 'rootfile') path ??= attributes['full-path'];
  };
  scanMarkup(xml, { open }, 'xml');
  return path ?? 'content.opf';
}

/** The spine: what is read, in its order. */
function listChapters(packageXml: string, folder: string): Chapter[] {
  const items = new Map<string, Chapter>();
  const spine = new Set<Chapter>();
  const open = (name: string, attributes: Record<string, string | undefined>) => {
    const type = attributes['media-type'] ?? '';
    // Also the manifest's entry of the contents page, which may stand in the spine.
    const isContents = attributes.properties?.split(/\s+/).includes('nav');
    if (name === 'item' && /^(application\/xhtml\+xml|text\/html)$/.test(type) && !isContents) {
      const partName = posix.join(folder, decodePath(attributes.href ?? ''));
      items.set(attributes.id ?? '', { partName, isXhtml: type !== 'text/html' });
    } else if (name === 'itemref') {
      const chapter = items.get(attributes.idref ?? '');
      if (chapter) spine.add(chapter);
    }
  };
  scanMarkup(packageXml, { open }, 'xml');
  return [...spine];
}

function decodePath(href: string): string {
  const path = href.replace(/#.*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function refuseProtected(archive: ZipArchive): Promise<void> {
  const xml = await archive.readText('META-INF/encryption.xml');
  let isProtected = false;
  const open = (name: string, { Algorithm }: Record<string, string | undefined>) => {
    if (name === 'EncryptionMethod' && !fontObfuscations.has(Algorithm ?? '')) isProtected = true;
  };
  scanMarkup(xml ?? '', { open }, 'xml');
  if (isProtected)
    throw new DocumentError(
      'document_encrypted',
      'The book is copy-protected (DRM): its text is encrypted and only its own reader can show it.',
    );
}
