import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import type { z } from 'zod';
import type { usageReport } from '../../contract/usage.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';

type Days = z.infer<typeof usageReport>['days'];

/** Tokens per day, those read and those written. */
export default function UsageChart({ days }: { days: Days }) {
  const t = useText();
  const { number } = useFormat();
  const byDay = Map.groupBy(days, ({ day }) => day);
  const data = [...byDay]
    .map(([day, rows]) => ({
      day,
      prompt: rows.reduce((sum, row) => sum + row.prompt_tokens, 0),
      completion: rows.reduce((sum, row) => sum + row.completion_tokens, 0),
    }))
    .sort((one, other) => one.day.localeCompare(other.day));
  return (
    <BarChart
      h={260}
      data={data}
      dataKey="day"
      type="stacked"
      series={[
        { name: 'prompt', label: t('system.promptTokens'), color: 'brand.4' },
        { name: 'completion', label: t('system.completionTokens'), color: 'teal.6' },
      ]}
      valueFormatter={number}
      withLegend
      maxBarWidth={40}
      tickLine="none"
    />
  );
}
