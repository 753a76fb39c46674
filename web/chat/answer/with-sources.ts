import type { Source } from '../../../contract/chat.ts';
import type { useText } from '../../language/language-store.ts';
import { citedNumbers } from '../../sources/proof.ts';

/** The answer with a list of what it cites, as Markdown. */
export function withSources(content: string, sources: Source[], t: ReturnType<typeof useText>): string {
  const cited = citedNumbers(content);
  const list = sources
    .filter(({ number }) => cited.has(number))
    .map(({ number, title, filename, page, heading }) => {
      const place = [page === null ? '' : t('source.page', { page }), heading ?? ''].filter(
        part => part !== '',
      );
      return `[${number}] ${[title ?? filename, ...place].join(', ')}`;
    });
  return list.length === 0 ? content : `${content.trimEnd()}\n\n${list.join('\n')}\n`;
}
