/** The kinds of files that Lectern reads. */
const formats = [
  'text',
  'markdown',
  'html',
  'csv',
  'json',
  'source-code',
  'rtf',
  'eml',
  'pdf',
  'docx',
  'pptx',
  'xlsx',
  'odt',
  'epub',
  'zip',
] as const;

export type Format = (typeof formats)[number];
