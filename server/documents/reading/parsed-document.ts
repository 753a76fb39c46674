/** What a format's parser makes of a file. All offsets are UTF-16 units of `text`. */
export type ParsedDocument = {
  /** Normalised: \n as line end, no NUL, no lone surrogates. What is searched, quoted and shown. */
  text: string;
  /** In reading order, without overlap. Text outside of any block is plain paragraphs. */
  blocks: Block[];
  /** Where each page (of a PDF) or slide begins; page n is `pageStarts[n - 1]`. Empty when there are none. */
  pageStarts: number[];
  /** The title that the file itself gives. */
  title: string | undefined;
  /** What a reader should know about how the text was won: a guessed encoding, skipped pictures. */
  notes: DocumentNote[];
};

export type Block =
  | { kind: 'heading'; level: number; start: number; end: number }
  | { kind: 'paragraph' | 'list-item' | 'code' | 'table-header' | 'table-row'; start: number; end: number };

/** Stable code and a sentence for people. */
export type DocumentNote = { code: NoteCode; message: string };

const noteCodes = [
  'encoding_detected',
  'characters_removed',
  'content_skipped',
  'text_missing_on_pages',
  'content_repaired',
] as const;
export type NoteCode = (typeof noteCodes)[number];

/** What a parser is given. */
export type DocumentFile = {
  bytes: Uint8Array;
  filename: string;
  /** Given by a person: it stands in the place of the file's own in the passages' prefixes. */
  givenTitle?: string | undefined;
  /** The charset of the Content-Type header that a fetched file came with. */
  charset?: string | undefined;
};

/** @throws DocumentError when the file can't be read. */
export type Parser = (file: DocumentFile) => ParsedDocument | Promise<ParsedDocument>;
