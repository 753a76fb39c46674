import { scanMarkup } from '../../scan-markup.ts';

type Style = { id: string; name: string; outlineLevel: number | undefined; basedOn: string | undefined };

/** mammoth tries its style map for every paragraph, so a hostile list of styles would cost its square. */
const MOST_STYLES = 100;

/** A table of contents only repeats the headings. */
const leftOut = ['TOC Heading', ...Array.from({ length: 9 }, (_, index) => `toc ${index + 1}`)].map(
  name => `p[style-name='${name}'] => !`,
);

/**
 * Lines of mammoth's style map for the styles whose paragraphs are headings: those with an outline level, their own
 * or the one of a style that they are based on, whatever they are called ("Überschrift 1", "Clause heading").
 */
export function headingStyleMap(stylesXml: string): string[] {
  const styles = readStyles(stylesXml);
  const lines = [...leftOut, "p[style-name='Title'] => h1:fresh"];
  for (const style of styles.values()) {
    const level = outlineLevelOf(style, styles);
    if (level !== undefined && lines.length < MOST_STYLES)
      lines.push(`p[style-name='${escapeName(style.name)}'] => h${Math.min(level + 1, 6)}:fresh`);
  }
  return lines;
}

function readStyles(xml: string): Map<string, Style> {
  const styles = new Map<string, Style>();
  let style: Style | undefined;
  scanMarkup(
    xml,
    {
      open: (name, attributes) => {
        if (name === 'style' && attributes['w:type'] === 'paragraph') {
          const id = attributes['w:styleId'] ?? '';
          style = { id, name: id, outlineLevel: undefined, basedOn: undefined };
          styles.set(id, style);
        } else if (style && name === 'name') style.name = attributes['w:val'] ?? style.name;
        else if (style && name === 'basedOn') style.basedOn = attributes['w:val'];
        // 9 stands for body text.
        else if (style && name === 'outlineLvl' && /^[0-8]$/.test(attributes['w:val'] ?? ''))
          style.outlineLevel = Number(attributes['w:val']);
      },
      close: name => {
        if (name === 'style') style = undefined;
      },
    },
    'xml',
  );
  return styles;
}

function outlineLevelOf(style: Style, styles: Map<string, Style>): number | undefined {
  const seen = new Set<Style>();
  for (let one: Style | undefined = style; one && !seen.has(one) && seen.size < 20; ) {
    if (one.outlineLevel !== undefined) return one.outlineLevel;
    seen.add(one);
    one = styles.get(one.basedOn ?? '');
  }
  return undefined;
}

const escapeName = (name: string) => name.replace(/[\\']/g, '\\$&').replace(/[\n\r\t]/g, ' ');
