import { useElementSize } from '@mantine/hooks';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useCallback, useRef, useState } from 'react';
import { Document, Page, pdfjs } from 'react-pdf';
import 'react-pdf/dist/Page/TextLayer.css';
import { useText } from '../language/language-store.ts';
import { locateQuote, type Marked } from './locate-quote.ts';
import styles from './source-pane.module.css';

pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);

type Props = { url: string; page: number; quote: string };

/** A page of a PDF as it looks, with the quote marked. */
export default function PdfView({ url, page, quote }: Props) {
  const t = useText();
  const { ref: measured, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const [marked, setMarked] = useState(new Map<number, Marked>());
  const renderText = useCallback(
    ({ str, itemIndex }: { str: string; itemIndex: number }) => {
      const found = marked.get(itemIndex);
      if (!found) return escapeHtml(str);
      const [before, quoted, after] = [
        str.slice(0, found.from),
        str.slice(found.from, found.to),
        str.slice(found.to),
      ];
      return `${escapeHtml(before)}<mark>${escapeHtml(quoted)}</mark>${escapeHtml(after)}`;
    },
    [marked],
  );
  return (
    <div className={styles.pdf} ref={host}>
      <div ref={measured}>
        <Document file={url} loading="" error={t('source.pdfFailed')}>
          <Page
            pageNumber={page}
            {...(width > 0 && { width })}
            renderAnnotationLayer={false}
            customTextRenderer={renderText}
            loading=""
            onGetTextSuccess={({ items }) =>
              setMarked(
                locateQuote(
                  items.map(item => ('str' in item ? item.str : '')),
                  quote,
                ),
              )
            }
            onRenderTextLayerSuccess={() =>
              host.current?.querySelector('mark')?.scrollIntoView({ block: 'center' })
            }
          />
        </Document>
      </div>
    </div>
  );
}
