import { DocumentError } from '../../../errors.ts';
import { decodeText } from '../decode-text.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { findJsonError } from './find-json-error.ts';
import { readJson } from './read-json.ts';
import { writeJson } from './write-json.ts';

/** JSON, or one JSON value per line: records as lines of "key: value", under the names of where they stand. */
export function parseJson({ bytes, filename }: DocumentFile): ParsedDocument {
  const { text, notes } = decodeText(bytes);
  const builder = new DocumentBuilder();
  for (const note of notes) builder.note(note);
  writeJson(/\.(jsonl|ndjson)$/i.test(filename) ? readLines(text) : readValue(text), builder);
  if (builder.length === 0)
    throw new DocumentError('document_without_text', 'The file is valid JSON, but holds no values to read.');
  return builder.build();
}

function readValue(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    // Many programs name files of lines .json.
    if (/^\s*[[{].*[\]}][ \t]*\n\s*[[{]/.test(text.slice(0, 100_000))) return readLines(text);
    throw broken(findJsonError(text), error);
  }
}

function readLines(text: string): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [readJson(line)];
    } catch (error) {
      throw broken(`line ${index + 1}, ${findJsonError(line).replace(/^.*, /, '')}`, error);
    }
  });
}

const broken = (place: string, cause: unknown) =>
  new DocumentError('document_broken', `The file is not valid JSON: it goes wrong at ${place}.`, { cause });
