import type { Message } from '../../api/sessions.ts';
import type { LiveAnswer } from './live-answer.ts';

/** The messages that stay above an answer that is coming: of a branch, those before it parted. */
export function keptMessages(
  messages: Message[],
  { keepUntil, messageId }: Pick<LiveAnswer, 'keepUntil' | 'messageId'>,
): Message[] {
  const kept =
    keepUntil === undefined
      ? messages
      : messages.slice(0, messages.findIndex(({ id }) => id === keepUntil) + 1);
  return kept.filter(({ id }) => id !== messageId);
}
