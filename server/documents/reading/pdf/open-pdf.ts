import { fileURLToPath } from 'node:url';
import { getResolvedPDFJS } from 'unpdf';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { DocumentError } from '../../../errors.ts';
import { refuseInflatingStreams } from './refuse-inflating-streams.ts';

/** For fonts with predefined encodings, which Chinese, Japanese and Korean PDFs have. */
const characterMaps = fileURLToPath(new URL('../../../../vendor/pdfjs-cmaps/', import.meta.url));
/** Also what a page costs that is listed again and again. */
const MOST_PAGES = 5_000;

/**
 * Opens a PDF with pdf.js, which is told to fetch nothing, to draw nothing and to say nothing. The caller destroys
 * its loading task.
 *
 * @throws DocumentError document_broken, document_encrypted, document_too_complex.
 */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  refuseInflatingStreams(bytes);
  const { getDocument } = await getResolvedPDFJS();
  const loading = getDocument({
    // A copy: pdf.js takes the buffer away from whoever passes it.
    data: new Uint8Array(bytes),
    verbosity: 0,
    stopAtErrors: false,
    useSystemFonts: false,
    disableFontFace: true,
    cMapUrl: characterMaps,
    cMapPacked: true,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
  });
  try {
    const pdf = await loading.promise;
    if (pdf.numPages >= 1 && pdf.numPages <= MOST_PAGES) return pdf;
    throw pdf.numPages < 1 ? broken() : tooManyPages(pdf.numPages);
  } catch (error) {
    await loading.destroy();
    throw asDocumentError(error);
  }
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  if (error instanceof Error && error.name === 'PasswordException')
    return new DocumentError(
      'document_encrypted',
      'The PDF is protected with a password. Save it without one and upload it again.',
    );
  return broken(error);
}

export const broken = (cause?: unknown) =>
  new DocumentError(
    'document_broken',
    'The PDF is damaged or incomplete: no page of it can be read. Open it in a PDF reader and save it again.',
    { cause },
  );

const tooManyPages = (pages: number) =>
  new DocumentError(
    'document_too_complex',
    `The PDF has ${pages} pages, more than the ${MOST_PAGES} that are read. Split it.`,
  );
