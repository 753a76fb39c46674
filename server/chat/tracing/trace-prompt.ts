import type { Context } from '../context/build-context.ts';
import type { StoredPromptMessage } from './stored-trace.ts';

/** The prompt as it is stored: the turns before are messages of the session already. */
export function tracePrompt({ messages, turns }: Context): StoredPromptMessage[] {
  const before = turns.toReversed().flatMap(({ questionId, answerId }): StoredPromptMessage[] => [
    { role: 'user', message_id: questionId },
    { role: 'assistant', message_id: answerId },
  ]);
  return [...messages.slice(0, 1), ...before, ...messages.slice(1 + before.length)];
}
