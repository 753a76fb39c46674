import type { Message, Session } from '../../api/sessions.ts';
import { keptMessages } from './kept-messages.ts';
import type { LiveAnswer } from './live-answer.ts';

/** The session with the question and the answer as they were just shown. */
export function toMessages(session: Session, live: LiveAnswer): Session {
  const { messageId, userMessageId, question } = live;
  const others = keptMessages(session.messages, live).filter(({ id }) => id !== userMessageId);
  const asked = session.messages.find(({ id }) => id === userMessageId);
  const questionText = asked?.content ?? question;
  return {
    ...session,
    messages: [
      ...others,
      ...(userMessageId !== undefined && questionText !== undefined
        ? [asked ?? questionMessage(userMessageId, questionText)]
        : []),
      ...(messageId === undefined ? [] : [answerMessage(messageId, live)]),
    ],
  };
}

/** What only the history knows. */
export const blankMessage = {
  created_at: '',
  parent_id: null,
  versions: [],
  finish_reason: null,
  model: null,
  error: null,
  sources: [],
  feedback: null,
};

const questionMessage = (id: number, content: string): Message => ({
  ...blankMessage,
  id,
  role: 'user',
  content,
  created_at: new Date().toISOString(),
  state: 'complete',
});

function answerMessage(id: number, live: LiveAnswer): Message {
  const { content, reasoning, sources, citations, check, finishReason, failure } = live;
  return {
    ...blankMessage,
    id,
    role: 'assistant',
    content,
    reasoning,
    citations,
    check: check ?? null,
    created_at: new Date().toISOString(),
    state: failure ? 'failed' : finishReason === undefined ? 'interrupted' : 'complete',
    finish_reason: finishReason ?? null,
    error: failure ? { code: failure.code, message: failure.message } : null,
    sources: sources.map(source => ({ ...source, state: 'current' as const })),
  };
}
