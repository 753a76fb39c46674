import { useCallback } from 'react';
import { useErrorTexts, useText } from './language-store.ts';

/** Says in the chosen language what an error of the API means; what there is no text for speaks for itself. */
export function useErrorText(): (error: unknown) => string {
  const t = useText();
  const texts = useErrorTexts();
  return useCallback(
    error => {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      if (code === 'unreachable') return t('error.unreachable');
      const text = new Map(Object.entries(texts)).get(code);
      if (text !== undefined) return text;
      if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
      return String(error);
    },
    [t, texts],
  );
}
