import type { ReportEntry } from '../../contract/evaluation.ts';
import { figuresOf } from '../../evaluation/figures/to-report-entry.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import styles from './report.module.css';
import { useModeName } from './use-mode-name.ts';

type Props = { title: string; figure: string; entries: ReportEntry[] };

/** One figure of every set and kind of search: a point with its 95 % confidence interval. */
export function FigurePlot({ title, figure, entries }: Props) {
  const bySet = [...Map.groupBy(entries, ({ set }) => set)];
  return (
    <figure className={styles.plot}>
      <figcaption>{title}</figcaption>
      {bySet.map(([set, ofSet]) => (
        <div key={set}>
          {bySet.length > 1 && <h3>{set}</h3>}
          <ul>
            {ofSet.map(entry => (
              <Row key={entry.mode} entry={entry} figure={figure} />
            ))}
          </ul>
        </div>
      ))}
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

function Row({ entry: { mode, intervals, ...entry }, figure }: { entry: ReportEntry; figure: string }) {
  const t = useText();
  const { decimal } = useFormat();
  const modeName = useModeName();
  const value = figuresOf({ mode, intervals, ...entry }).get(figure);
  const interval = intervals[figure];
  if (value === undefined) return null;
  return (
    <li data-mode={mode}>
      <span className={styles.name}>{modeName(mode)}</span>
      <span className={styles.track} aria-hidden>
        {interval && (
          <i style={{ left: `${interval[0]}%`, width: `${Math.max(0.5, interval[1] - interval[0])}%` }} />
        )}
        <b style={{ left: `${value}%` }} />
      </span>
      <span className={styles.value}>
        {decimal(value)}
        {interval && (
          <small>{t('report.interval', { low: decimal(interval[0]), high: decimal(interval[1]) })}</small>
        )}
      </span>
    </li>
  );
}
