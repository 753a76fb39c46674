import { useState } from 'react';

const read = (key: string): number[] => {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(id => typeof id === 'number') : [];
  } catch {
    return [];
  }
};

/** The documents that the questions of a chat are answered from, none for all; kept per chat. */
export function useScope(chat: string, initial: number[] = []) {
  const key = `scope:${chat}`;
  const [chosen, setChosen] = useState(() => (initial.length > 0 ? initial : read(key)));
  const choose = (ids: number[]) => {
    setChosen(ids);
    keepScope(chat, ids);
  };
  return [chosen, choose] as const;
}

/** The documents chosen for a chat; undefined for all. */
export function scopeOf(chat: string): number[] | undefined {
  const chosen = read(`scope:${chat}`);
  return chosen.length > 0 ? chosen : undefined;
}

export const keepScope = (chat: string, ids: number[]) =>
  sessionStorage.setItem(`scope:${chat}`, JSON.stringify(ids));
