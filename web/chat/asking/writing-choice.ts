import { useCallback, useState } from 'react';

/** How the answers of a chat are written; what is not chosen is as the server has it. */
export type WritingChoice = { model?: string; temperature?: number };

const STORED = 'lectern-writing';
/** Chats whose choice is kept. */
const MOST_CHATS = 200;

/** By chat, the latest choice last. */
function readAll(): [chat: string, WritingChoice][] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(stored) ? stored.flatMap(toEntry) : [];
  } catch {
    return [];
  }
}

function toEntry(stored: unknown): [string, WritingChoice][] {
  if (!Array.isArray(stored)) return [];
  const [chat, { model, temperature } = {}] = stored as [unknown, Record<string, unknown>?];
  if (typeof chat !== 'string') return [];
  return [
    [
      chat,
      {
        ...(typeof model === 'string' && { model }),
        ...(typeof temperature === 'number' && { temperature }),
      },
    ],
  ];
}

/** What was chosen for a chat. */
export const writingOf = (chat: string): WritingChoice => new Map(readAll()).get(chat) ?? {};

export function keepWriting(chat: string, choice: WritingChoice): void {
  const others = readAll().filter(([known]) => known !== chat);
  const isChosen = Object.keys(choice).length > 0;
  const all = isChosen ? [...others, [chat, choice]] : others;
  localStorage.setItem(STORED, JSON.stringify(all.slice(-MOST_CHATS)));
}

/** How a chat’s answers are written, and how to change it; kept over reloads. */
export function useWritingChoice(chat: string) {
  const [choice, setChoice] = useState(() => writingOf(chat));
  const choose = useCallback(
    (next: WritingChoice) => {
      setChoice(next);
      keepWriting(chat, next);
    },
    [chat],
  );
  return [choice, choose] as const;
}
