import { useCallback } from 'react';
import { en, type MessageKey } from './en.ts';
import { useText } from './language-store.ts';

const isKey = (key: string): key is MessageKey => key in en;

/** Says in the chosen language what an error of the API means; what there is no text for speaks for itself. */
export function useErrorText(): (error: unknown) => string {
  const t = useText();
  return useCallback(
    error => {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      const key = `error.${code}`;
      if (isKey(key)) return t(key);
      if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
      return String(error);
    },
    [t],
  );
}
