import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import type { sharesFound } from './shares-found.ts';

/** How many of the questions are found how high, per kind of search. */
export default function ShareChart({ shares }: { shares: ReturnType<typeof sharesFound> }) {
  const t = useText();
  const { percent } = useFormat();
  const data = shares.map(({ depth, shares: found }) => ({
    depth: t('evaluation.depth', { depth }),
    ...found,
  }));
  const summary = shares.map(
    ({ depth, shares: { hybrid } }) => `${t('evaluation.depth', { depth })}: ${percent(hybrid)}`,
  );
  return (
    <figure aria-label={`${t('evaluation.chart')} ${summary.join(', ')}`} style={{ margin: '0 0 32px' }}>
      <figcaption style={{ fontWeight: 600, marginBottom: 12 }}>{t('evaluation.chart')}</figcaption>
      <BarChart
        h={280}
        data={data}
        dataKey="depth"
        series={[
          { name: 'hybrid', label: t('search.hybrid'), color: 'brand.6' },
          { name: 'vector', label: t('search.vector'), color: 'teal.6' },
          { name: 'lexical', label: t('search.lexical'), color: 'orange.6' },
        ]}
        valueFormatter={percent}
        yAxisProps={{ domain: [0, 1] }}
        withLegend
        tickLine="none"
      />
    </figure>
  );
}
