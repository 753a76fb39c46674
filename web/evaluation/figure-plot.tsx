import type { ReportEntry } from '../../contract/evaluation.ts';
import { figuresOf } from '../../evaluation/figures/to-report-entry.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import styles from './report.module.css';
import { useModeName } from './use-mode-name.ts';

type Props = { title: string; figure: string; entries: ReportEntry[] };

/** One figure of every set and kind of search: a point with its 95 % confidence interval. */
export function FigurePlot({ title, figure, entries }: Props) {
  const t = useText();
  const { decimal } = useFormat();
  const modeName = useModeName();
  const hasSets = new Set(entries.map(({ set }) => set)).size > 1;
  const rows = entries.flatMap(entry => {
    const value = figuresOf(entry).get(figure);
    return value === undefined ? [] : [{ entry, value, interval: entry.intervals[figure] }];
  });
  return (
    <figure className={styles.plot}>
      <figcaption>{title}</figcaption>
      <ul>
        {rows.map(({ entry: { set, mode }, value, interval }) => (
          <li key={`${set} ${mode}`} data-mode={mode}>
            <span className={styles.name}>{hasSets ? `${set}, ${modeName(mode)}` : modeName(mode)}</span>
            <span className={styles.track} aria-hidden>
              {interval && (
                <i
                  style={{ left: `${interval[0]}%`, width: `${Math.max(0.5, interval[1] - interval[0])}%` }}
                />
              )}
              <b style={{ left: `${value}%` }} />
            </span>
            <span className={styles.value}>
              {decimal(value)}
              {interval && (
                <small>
                  {t('report.interval', { low: decimal(interval[0]), high: decimal(interval[1]) })}
                </small>
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.axis} aria-hidden>
        {[0, 25, 50, 75, 100].map(tick => (
          <span key={tick} style={{ left: `${tick}%` }}>
            {tick}
          </span>
        ))}
      </div>
    </figure>
  );
}
