import { Drawer, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AnswerTrace } from '../../../contract/trace.ts';
import { request } from '../../api/request.ts';
import { useText } from '../../language/language-store.ts';
import { useFormat } from '../../language/use-format.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { AnswerMessage } from './answer.tsx';
import { BudgetBar } from './budget-bar.tsx';
import { CandidateTable } from './candidate-table.tsx';
import styles from './why.module.css';

type Props = { id: number; usage: AnswerMessage['usage']; onClose: () => void };

/** How an answer came about: what was searched, found and read, where the time and the tokens went, what it cost. */
export default function Why({ id, usage, onClose }: Props) {
  const t = useText();
  const trace = useQuery({
    queryKey: ['trace', id],
    queryFn: ({ signal }) => request<AnswerTrace>(`message/${id}/trace/`, { signal }),
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={600}
      title={t('why.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {trace.isLoading && <Skeleton h={240} />}
      {trace.isError && <ErrorNote error={trace.error} onRetry={() => trace.refetch()} />}
      {trace.data && <Trace trace={trace.data} cost={usage?.cost ?? null} />}
    </Drawer>
  );
}

type Cost = NonNullable<AnswerMessage['usage']>['cost'];

function Trace({ trace, cost }: { trace: AnswerTrace; cost: Cost }) {
  const t = useText();
  const { query, candidates, usage, timings, prompt } = trace;
  return (
    <>
      <Facts trace={trace} cost={cost} />
      {query && (
        <Section title={t('why.searched')}>
          {query.rewritten !== null && (
            <Text size="sm">
              {t('why.rewritten')}: “{query.rewritten}”
            </Text>
          )}
          <ul className={styles.texts}>
            {query.texts.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
      {candidates.length > 0 && (
        <Section title={t('why.candidates', { count: candidates.length })}>
          <CandidateTable candidates={candidates} />
        </Section>
      )}
      {usage && (
        <Section title={t('why.budget')}>
          <BudgetBar account={usage.budget} />
        </Section>
      )}
      {Object.keys(timings).length > 0 && (
        <Section title={t('why.timings')}>
          <Timings timings={timings} />
        </Section>
      )}
      {prompt && (
        <details className={styles.prompt}>
          <summary>{t('why.prompt')}</summary>
          {prompt.map(({ role, content }, at) => (
            <section key={at} aria-label={role}>
              <b>{role}</b>
              <pre tabIndex={0}>{content}</pre>
            </section>
          ))}
        </details>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={styles.heading}>{title}</h3>
      {children}
    </section>
  );
}

function Facts({ trace, cost }: { trace: AnswerTrace; cost: Cost }) {
  const t = useText();
  const { number, money } = useFormat();
  const { language_model, usage, searched_documents } = trace;
  const facts = [
    ...(searched_documents === null ? [] : [[t('why.documents'), number(searched_documents)] as const]),
    [t('why.model'), language_model?.name ?? t('mode.quoted')] as const,
    ...(usage && language_model
      ? [
          [
            t('why.tokens'),
            t('why.tokenCounts', { prompt: usage.prompt_tokens, completion: usage.completion_tokens }),
          ] as const,
        ]
      : []),
    ...(cost ? [[t('why.cost'), money(cost.amount, cost.currency)] as const] : []),
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const timingNames = ['searching', 'reading', 'writing', 'first_content', 'total'] as const;

/** One that the page does not know speaks for itself. */
function nameOf(timing: string, t: ReturnType<typeof useText>): string {
  const bare = timing.replace(/_ms$/, '');
  const known = timingNames.find(name => name === bare);
  return known ? t(`timing.${known}`) : bare.replaceAll('_', ' ');
}

/** When each stage was reached, as bars that end there. */
function Timings({ timings }: { timings: AnswerTrace['timings'] }) {
  const t = useText();
  const { duration } = useFormat();
  const ordered = Object.entries(timings).sort(([, one], [, other]) => one - other);
  const longest = Math.max(1, ...ordered.map(([, ms]) => ms));
  return (
    <ul className={styles.timings}>
      {ordered.map(([name, ms]) => (
        <li key={name}>
          <span>{nameOf(name, t)}</span>
          <i style={{ width: `${(100 * ms) / longest}%` }} />
          <span>{duration(ms)}</span>
        </li>
      ))}
    </ul>
  );
}
