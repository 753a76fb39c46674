import { modes } from '../api/search.ts';
import { useText } from '../language/language-store.ts';

/** The name of a kind of search; one that the page does not know speaks for itself. */
export function useModeName(): (mode: string) => string {
  const t = useText();
  return mode => {
    const known = modes.find(one => one === mode);
    return known ? t(`search.${known}`) : mode;
  };
}
