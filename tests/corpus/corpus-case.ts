import type { ErrorCode } from '../../contract/errors.ts';
import type { NoteCode } from '../../server/documents/reading/parsed-document.ts';

/** A file and how it must end. */
export type CorpusCase = {
  /** Says what is special about the file; the test's name. */
  what: string;
  filename: string;
  bytes: () => Buffer | Promise<Buffer>;
  expected: Ready | Refused;
};

/** What a fact says, and where a search must find it. */
export type Fact = { text: string; page?: number; under?: string[] };

export type Ready = {
  state: 'ready';
  /** The whole text; of the real files it lies in texts/. */
  text?: string;
  /** Instead: how many UTF-16 units it has, for texts that are too long to write down. */
  textLength?: number;
  /** Exact excerpts in this order. */
  excerpts?: string[];
  /** What must not be in the text. */
  absent?: string[];
  headings?: [level: number, title: string][];
  /** How many; 0 for what has none. */
  pages?: number;
  tables?: number;
  notes?: NoteCode[];
  title?: string | null;
  language?: string | null;
  facts?: Fact[];
};

export type Refused = {
  state: 'failed';
  status: 413 | 415 | 422;
  code: ErrorCode;
  /** Whether the document is listed with its reason; what is refused as it comes in is not. */
  listed: boolean;
  /** The byte that the error names. */
  byte?: number;
};

/** Refused while it comes in: nothing is stored. */
export const refused = (
  code: ErrorCode,
  { status = 422, byte }: { status?: 413 | 415 | 422; byte?: number } = {},
) =>
  ({ state: 'failed', status, code, listed: false, ...(byte !== undefined && { byte }) }) satisfies Refused;

/** Refused by its parser: listed with the reason, until it is deleted. */
export const failed = (code: ErrorCode, { status = 422 }: { status?: 413 | 415 | 422 } = {}) =>
  ({ state: 'failed', status, code, listed: true }) satisfies Refused;

export const ready = (expected: Omit<Ready, 'state'> = {}): Ready => ({ state: 'ready', ...expected });
