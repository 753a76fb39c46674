import { scanMarkup } from '../../scan-markup.ts';

export type OdtStyles = {
  /** Paragraph styles that are a document's title, or made from it. */
  titles: Set<string>;
  /** For each list style, which of its levels (from 0) are numbered; the others have bullets. */
  numberedLevels: Map<string, Set<number>>;
};

/** What styles.xml and the automatic styles of content.xml say about paragraphs and lists. */
export function readStyles(...parts: (string | undefined)[]): OdtStyles {
  const styles: OdtStyles = { titles: new Set(['Title']), numberedLevels: new Map() };
  let levels: Set<number> | undefined;
  const open = (name: string, attributes: Record<string, string | undefined>) => {
    if (name === 'style' && styles.titles.has(attributes['style:parent-style-name'] ?? ''))
      styles.titles.add(attributes['style:name'] ?? '');
    else if (name === 'list-style') {
      levels = new Set();
      styles.numberedLevels.set(attributes['style:name'] ?? '', levels);
    } else if (name === 'list-level-style-number' && attributes['style:num-format'] !== '')
      levels?.add(Number(attributes['text:level']) - 1);
  };
  for (const part of parts) scanMarkup(part ?? '', { open }, 'xml');
  return styles;
}
