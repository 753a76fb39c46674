import '@mantine/charts/styles.layer.css';
import { BarChart, LineChart } from '@mantine/charts';
import type { ReactNode } from 'react';
import type { ActivityHour } from '../../contract/activity.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import styles from './system.module.css';

type Series = { name: string; label: string; color: string };
type Row = { hour: string } & Record<string, number | string | null>;

const HEIGHT = 170;
const AXIS_PX = 66;
/** For charts of all kinds: they say nothing of their own to screen readers, the figure around them does. */
const still = { accessibilityLayer: false, margin: { top: 10, left: 4, right: 8 } };

/** What went on in each hour of the last day. */
export default function ActivityCharts({ hours }: { hours: ActivityHour[] }) {
  const t = useText();
  const { number, compact, duration, size, hourOf } = useFormat();
  const sum = (of: (hour: ActivityHour) => number) => hours.reduce((total, hour) => total + of(hour), 0);
  const rows = (of: (hour: ActivityHour) => Record<string, number | null>): Row[] =>
    hours.map(hour => ({ hour: hourOf(hour.hour), ...of(hour) }));
  const percentiles = [
    { name: 'p50', label: t('activity.p50'), color: 'brand.6' },
    { name: 'p95', label: t('activity.p95'), color: 'orange.6' },
  ];
  return (
    <div className={styles.charts}>
      <Bars
        title={t('activity.questions')}
        total={number(sum(({ questions }) => questions))}
        rows={rows(({ answers }) => answers)}
        series={[
          { name: 'answered', label: t('activity.answered'), color: 'brand.5' },
          { name: 'not_found', label: t('activity.notFound'), color: 'yellow.6' },
          { name: 'stopped', label: t('activity.stopped'), color: 'gray.5' },
          { name: 'failed', label: t('activity.failed'), color: 'red.6' },
        ]}
        format={number}
      />
      <Lines
        title={t('activity.firstContent')}
        rows={rows(({ first_content_ms }) => first_content_ms ?? { p50: null, p95: null })}
        series={percentiles}
        format={duration}
      />
      <Bars
        title={t('activity.tokens')}
        total={number(sum(hour => hour.prompt_tokens + hour.completion_tokens))}
        rows={rows(({ prompt_tokens: read, completion_tokens: written }) => ({ read, written }))}
        series={[
          { name: 'read', label: t('system.promptTokens'), color: 'brand.5' },
          { name: 'written', label: t('system.completionTokens'), color: 'teal.6' },
        ]}
        format={compact}
      />
      <Bars
        title={t('activity.documents')}
        total={t('documents.passages', { count: sum(({ passages }) => passages) })}
        rows={rows(({ documents }) => documents)}
        series={[
          { name: 'ready', label: t('state.ready'), color: 'teal.6' },
          { name: 'in_work', label: t('activity.inWork'), color: 'brand.4' },
          { name: 'failed', label: t('state.failed'), color: 'red.6' },
        ]}
        format={number}
      />
      <Lines
        title={t('activity.processing')}
        rows={rows(({ processing_ms }) => processing_ms ?? { p50: null, p95: null })}
        series={percentiles}
        format={duration}
      />
      <Bars
        title={t('activity.bytes')}
        total={size(sum(({ bytes }) => bytes))}
        rows={rows(({ bytes }) => ({ bytes }))}
        series={[{ name: 'bytes', label: t('activity.files'), color: 'brand.5' }]}
        format={size}
      />
    </div>
  );
}

type PlotProps = {
  title: string;
  rows: Row[];
  series: Series[];
  format: (value: number) => string;
};

function Bars({ title, total, rows, series, format }: PlotProps & { total: string }) {
  const sums = series.map(({ name, label }) => {
    const sum = rows.reduce((all, row) => all + Number(row[name] ?? 0), 0);
    return `${label}: ${format(sum)}`;
  });
  return (
    <Plot
      title={title}
      total={total}
      series={series}
      summary={sums}
      isEmpty={rows.every(row => isZero(row, series))}
    >
      <BarChart
        h={HEIGHT}
        data={rows}
        dataKey="hour"
        type="stacked"
        series={series}
        valueFormatter={format}
        maxBarWidth={26}
        gridAxis="x"
        tickLine="none"
        barChartProps={still}
        yAxisProps={{ allowDecimals: false, width: AXIS_PX }}
      />
    </Plot>
  );
}

function Lines({ title, rows, series, format }: PlotProps) {
  const highest = series.map(({ name, label }) => {
    const most = Math.max(0, ...rows.map(row => Number(row[name] ?? 0)));
    return `${label}: ${format(most)}`;
  });
  return (
    <Plot title={title} series={series} summary={highest} isEmpty={rows.every(row => isZero(row, series))}>
      <LineChart
        h={HEIGHT}
        data={rows}
        dataKey="hour"
        series={series}
        valueFormatter={format}
        curveType="linear"
        connectNulls
        gridAxis="x"
        tickLine="none"
        lineChartProps={still}
        yAxisProps={{ width: AXIS_PX }}
      />
    </Plot>
  );
}

const isZero = (row: Row, series: Series[]) => series.every(({ name }) => !row[name]);

type FrameProps = {
  title: string;
  total?: string;
  series: Series[];
  /** What the plot shows, in words. */
  summary: string[];
  isEmpty: boolean;
  children: ReactNode;
};

function Plot({ title, total, series, summary, isEmpty, children }: FrameProps) {
  const t = useText();
  return (
    <figure
      className={styles.chart}
      aria-label={`${title}. ${isEmpty ? t('activity.nothing') : summary.join(', ')}`}
    >
      <figcaption>
        {title}
        {total !== undefined && !isEmpty && <span>{total}</span>}
      </figcaption>
      {isEmpty ? (
        <p className={styles.nothing}>{t('activity.nothing')}</p>
      ) : (
        <div aria-hidden>
          {children}
          {series.length > 1 && (
            <ul className={styles.legend}>
              {series.map(({ name, label, color }) => (
                <li key={name}>
                  <i style={{ background: `var(--mantine-color-${color.replace('.', '-')})` }} />
                  {label}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </figure>
  );
}
