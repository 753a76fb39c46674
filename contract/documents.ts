import { z } from 'zod';
import { id, offset, time } from './scalars.ts';

export const documentStates = ['queued', 'reading', 'indexing', 'ready', 'failed', 'deleting'] as const;
const stages = ['parsing', 'saving', 'embedding'] as const;

/** What people say about a document; all of it can be filtered by. */
const title = z.string().trim().min(1).max(500);
const tag = z.string().trim().min(1).max(100);
const source = z.string().trim().min(1).max(2_000).describe('Where it comes from: a URL, a path.');
const language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag like "en" or "pt-BR"')
  .describe('BCP 47 tag; found by detection when not given.');
const MOST_METADATA_CHARACTERS = 16_384;
/** Registered as it is: it holds itself, and the OpenAPI document needs a name for that. */
const json = z.json().register(z.globalRegistry, { id: 'Json' });

const metadata = z
  .record(z.string().min(1).max(100), json)
  .refine(value => JSON.stringify(value).length <= MOST_METADATA_CHARACTERS, {
    message: `must have at most ${MOST_METADATA_CHARACTERS} characters as JSON`,
  })
  .describe('Any JSON object.');
const tags = z
  .array(tag)
  .max(50)
  .transform(list => [...new Set(list)]);

/** Fields that can come with a document. */
export const documentFields = z.strictObject({
  title: title.optional(),
  tags: tags.optional(),
  source: source.optional(),
  language: language.optional(),
  metadata: metadata.optional(),
});
export type DocumentFields = z.infer<typeof documentFields>;

/** Fields to change; null takes a value away. */
export const documentChange = z.strictObject({
  title: title.nullable().optional(),
  tags: tags.optional(),
  source: source.nullable().optional(),
  language: language.nullable().optional(),
  metadata: metadata.optional(),
});
export type DocumentChange = z.infer<typeof documentChange>;

/** A page or file to fetch. */
export const urlUpload = documentFields.omit({ source: true }).extend({
  url: z.string().trim().min(1).max(2_000).describe('Of a public page or file; it becomes the source.'),
});

/** A text typed in; Markdown is understood. */
export const noteUpload = documentFields.extend({ title, text: z.string() });

/** Narrows what is searched; a document must meet all of it. */
export const documentScope = z.strictObject({
  tags: z.array(tag).min(1).max(50).optional().describe('Has every one of these tags.'),
  sources: z.array(source).min(1).max(100).optional().describe('Comes from one of these.'),
  languages: z.array(language).min(1).max(50).optional().describe('Is in one of these languages.'),
  metadata: metadata.optional().describe('Holds these values (JSON containment).'),
});
export type DocumentScope = z.infer<typeof documentScope>;

export const uploadAnswer = z
  .object({
    document_id: id,
    filename: z.string(),
    status: z.enum(['processed', 'processing']),
    total_chunks: z.number().int().nonnegative(),
    processing_time: z
      .string()
      .regex(/^\d+\.\d\ds$/)
      .describe('Seconds, as "2.34s".'),
    duplicate: z
      .boolean()
      .describe('The same bytes were there already; fields sent along are not applied: PATCH the document.'),
  })
  .meta({ id: 'UploadAnswer' });

const failure = z.object({
  code: z.string(),
  message: z.string().describe('A sentence for people.'),
  retryable: z.boolean().describe('Processing the same file again may help.'),
});

const note = z.object({ code: z.string(), message: z.string() });

const timings = z.object({
  queued_ms: z.number().int().optional(),
  parsing_ms: z.number().int().optional(),
  saving_ms: z.number().int().optional(),
  embedding_ms: z.number().int().optional(),
});

/** How far the work on a version of a document has come. */
const progress = {
  filename: z.string(),
  media_type: z.string(),
  byte_size: z.number().int(),
  sha256: z.string(),
  state: z.enum(documentStates),
  stage: z.enum(stages).nullable().describe('What is being done; null when nothing is.'),
  progress: z.number().min(0).max(1).describe('Share of the passages that are embedded.'),
  seconds_left: z.number().int().nonnegative().nullable().describe('Estimate; null when there is none.'),
  error: failure.nullable(),
};

export const document = z
  .object({
    id,
    title: z.string().nullable(),
    ...progress,
    text_length: z.number().int().describe('UTF-16 units.'),
    total_chunks: z.number().int(),
    total_passages: z.number().int(),
    notes: z.array(note).describe('How the text was won: a guessed encoding, what was left out.'),
    tags: z.array(z.string()),
    source: z.string().nullable(),
    language: z.string().nullable(),
    metadata: z.record(z.string(), json),
    version: id.describe('Changes when the document is replaced.'),
    replacement: z
      .object(progress)
      .nullable()
      .describe('A new version in the making; searches find the old one until it is ready.'),
    timings: timings.describe('Milliseconds per stage.'),
    processing_ms: z.number().int().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Document' });

export const documentList = z.object({
  documents: z.array(document),
  next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
  last_change: z.number().int().describe('Follow /api/document/events/?after= this to miss nothing.'),
});

export const documentDeletion = z.object({
  document_id: id,
  deleted: z.object({
    chunks: z.number().int(),
    passages: z.number().int(),
    embeddings: z.number().int(),
    file_bytes: z.number().int(),
  }),
  remaining: z.number().int().describe('Rows that still refer to the document: 0.'),
});

/** A part of the text and where it stands. */
export const documentText = z.object({
  document_id: id,
  version: id,
  start: offset,
  end: offset,
  text_length: z.number().int(),
  text: z.string().describe('text.slice(start, end) of the document’s text.'),
});

export const documentOutline = z.object({
  document_id: id,
  version: id,
  headings: z.array(
    z.object({ level: z.number().int().min(1).max(6), title: z.string(), start: offset, end: offset }),
  ),
  page_starts: z.array(offset).describe('Page n begins at page_starts[n - 1].'),
  tables: z.array(z.object({ start: offset, end: offset })),
});

/** The events of document streams; each is one `data:` line, its `id:` the number to resume after. */
export const documentEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('document'), document }),
    z.object({ type: z.literal('deleted'), document_id: id }),
  ])
  .meta({ id: 'DocumentEvent' });
export type DocumentEvent = z.infer<typeof documentEvent>;
