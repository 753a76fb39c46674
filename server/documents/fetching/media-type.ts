import { isReadableName } from '../reading/detect-format.ts';

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

/** What has to be added to a name so that its ending fits the type; '' when it does already. */
export function missingEnding(name: string, mediaType = ''): string {
  const fitting = endings[mediaType];
  if (fitting) return fitting.includes(endingOf(name).toLowerCase()) ? '' : (fitting[0] ?? '');
  // Servers send Markdown and source code as plain text, and Office documents as archives.
  if (isReadableName(name)) return '';
  if (mediaType === 'application/zip') return '.zip';
  return mediaType.startsWith('text/') ? '.txt' : '';
}

/** With its dot; '' when what follows the last dot is no ending, as in `2401.12345` or `release-1.2`. */
export function endingOf(name: string): string {
  return /(?<=.)\.[a-z][a-z0-9]{0,9}$/i.exec(name)?.[0] ?? '';
}
