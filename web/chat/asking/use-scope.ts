import { useState } from 'react';

/** What the questions of a chat are answered from: some documents, or those with all of these tags; nothing: all. */
export type Scope = { documentIds: number[]; tags: string[] };

export const wholeScope: Scope = { documentIds: [], tags: [] };
export const isWhole = ({ documentIds, tags }: Scope) => documentIds.length === 0 && tags.length === 0;

const keyOf = (chat: string) => `scope:${chat}`;

function readScope(chat: string): Scope {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(chat)) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return wholeScope;
    const { documentIds, tags } = stored as Partial<Record<keyof Scope, unknown>>;
    return {
      documentIds: Array.isArray(documentIds) ? documentIds.filter(id => typeof id === 'number') : [],
      tags: Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [],
    };
  } catch {
    return wholeScope;
  }
}

/** The scope of a chat as a question says it. */
export function scopeOf(chat: string) {
  const { documentIds, tags } = readScope(chat);
  return {
    ...(documentIds.length > 0 && { document_ids: documentIds }),
    ...(tags.length > 0 && { filter: { tags } }),
  };
}

export const keepScope = (chat: string, scope: Scope) =>
  sessionStorage.setItem(keyOf(chat), JSON.stringify(scope));

/** The scope of a chat, kept over reloads, and how to change it. */
export function useScope(chat: string, initial: Scope = wholeScope) {
  const [scope, setScope] = useState(() => (isWhole(initial) ? readScope(chat) : initial));
  const choose = (next: Scope) => {
    setScope(next);
    keepScope(chat, next);
  };
  return [scope, choose] as const;
}
