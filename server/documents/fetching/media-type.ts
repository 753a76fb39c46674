/**
 * The media type and the charset of a Content-Type header, both in lower case.
 *
 * @example parseMediaType('Text/HTML; charset="UTF-8"') // { mediaType: 'text/html', charset: 'utf-8' }
 */
export function parseMediaType(contentType = ''): {
  mediaType: string | undefined;
  charset: string | undefined;
} {
  const [essence = '', ...parameters] = contentType.toLowerCase().split(';');
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.exec(essence.trim())?.[0];
  const charset = parameters
    .map(parameter => /^\s*charset\s*=\s*"?([\w.:-]{1,40})"?\s*$/.exec(parameter)?.[1])
    .find(name => name !== undefined);
  return { mediaType, charset };
}

/** The usual ending first. */
const endings: Record<string, string[]> = {
  'text/html': ['.html', '.htm', '.xhtml'],
  'application/xhtml+xml': ['.xhtml', '.html', '.htm'],
  'text/markdown': ['.md', '.markdown'],
  'text/x-markdown': ['.md', '.markdown'],
  'text/csv': ['.csv', '.tsv'],
  'text/tab-separated-values': ['.tsv'],
  'application/json': ['.json', '.jsonl', '.ndjson', '.geojson', '.ipynb'],
  'application/x-ndjson': ['.jsonl', '.ndjson'],
  'application/pdf': ['.pdf'],
  'application/rtf': ['.rtf'],
  'text/rtf': ['.rtf'],
  'message/rfc822': ['.eml'],
  'application/epub+zip': ['.epub'],
  'application/vnd.oasis.opendocument.text': ['.odt'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['.pptx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
};

/** Types under which servers send much else too: any ending is right, these are for names without one. */
const looseEndings: Record<string, string> = { 'text/plain': '.txt', 'application/zip': '.zip' };

/** What has to be added to a name so that its ending fits the type; '' when it does already. */
export function missingEnding(name: string, mediaType = ''): string {
  const ending = endingOf(name).toLowerCase();
  const fitting = endings[mediaType];
  if (fitting) return fitting.includes(ending) ? '' : (fitting[0] ?? '');
  return ending === '' ? (looseEndings[mediaType] ?? '') : '';
}

/** With its dot; '' when what follows the last dot is no ending, as in `2401.12345` or `release-1.2`. */
export function endingOf(name: string): string {
  return /(?<=.)\.[a-z][a-z0-9]{0,9}$/i.exec(name)?.[0] ?? '';
}
