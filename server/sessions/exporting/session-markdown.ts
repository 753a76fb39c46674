import type { Message, Session, SourceState } from '../../../contract/sessions.ts';

type MessageSource = Message['sources'][number];

/** Makes Markdown harmless: names, titles and what people wrote are other people's texts. */
type Defuse = (markdown: string) => string;

/** A session's branch to be read: questions, answers, and below each the sources with their quotes. */
export function sessionMarkdown(session: Session, defuse: Defuse): string {
  const title = session.title ?? `Session ${session.id}`;
  const parts = [
    `# ${defuse(onOneLine(title))}`,
    `Session ${session.id}, begun on ${day(session.created_at)}.`,
  ];
  for (const message of session.messages)
    parts.push(...(message.role === 'user' ? questionParts(message, defuse) : answerParts(message, defuse)));
  return `${parts.join('\n\n')}\n`;
}

function questionParts({ content, created_at }: Message, defuse: Defuse): string[] {
  return [`## Question, ${minute(created_at)}`, defuse(content.trim())];
}

function answerParts({ content, model, state, error, sources, feedback }: Message, defuse: Defuse): string[] {
  const parts = [`## Answer${model === null ? '' : ` by ${onOneLine(model)}`}`];
  // Those of today are harmless already, and stay as they are.
  if (content.trim() !== '') parts.push(defuse(content.trim()));
  if (state !== 'complete') parts.push(`*${stateNote(state)}${error ? ` ${onOneLine(error.message)}` : ''}*`);
  if (feedback) parts.push(`*Rated ${feedback.rating === 'up' ? 'good' : 'bad'}.*`);
  if (sources.length > 0) parts.push('### Sources', ...sources.map(source => sourceItem(source, defuse)));
  return parts;
}

const stateNote = (state: Message['state']) =>
  state === 'running' ? 'This answer was still being written.' : 'This answer is not complete.';

/** As the answer cites it, with the quoted text to the letter in a block in which nothing is active. */
function sourceItem(
  { number, filename, heading_path, page, state, quote }: MessageSource,
  defuse: Defuse,
): string {
  const place = [filename, ...heading_path, ...(page === null ? [] : [`page ${page}`])];
  const note = stateNotes[state];
  const fence = '`'.repeat(Math.max(3, longestRun(quote) + 1));
  return `\\[${number}\\] **${place.map(part => defuse(escapeText(part))).join(' › ')}**${note}\n\n${fence}text\n${quote}\n${fence}`;
}

const stateNotes: Record<SourceState, string> = {
  current: '',
  replaced: ' *(the document has been replaced since)*',
  gone: ' *(the document has been deleted since)*',
};

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));

const onOneLine = (text: string) => escapeText(text.replace(/\s+/g, ' ').trim());

/** Names are no Markdown. */
const escapeText = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#!|~]/g, '\\$&');

/** "2026-11-27" */
const day = (time: string) => time.slice(0, 10);
/** "2026-11-27 13:40 UTC" */
const minute = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`;
