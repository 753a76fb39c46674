import { Text, VisuallyHidden } from '@mantine/core';
import { memo, useMemo } from 'react';
import type { Message } from '../../api/sessions.ts';
import { useText } from '../../language/language-store.ts';
import { Markdown } from '../../markdown/markdown.tsx';
import { CitationContext } from '../../sources/citation-context.ts';
import { citedNumbers, createProofs, type Proof } from '../../sources/proof.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { LiveAnswer } from '../streaming/live-answer.ts';
import { streamOf } from '../streaming/use-live-answer.ts';
import styles from './answer.module.css';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerSources } from './answer-sources.tsx';
import { StageLine } from './stage-line.tsx';

export type AnswerMessage = Omit<Message, 'id'> & {
  id: number | undefined;
};

/** What all answers of a conversation share. */
export type AnswerTools = {
  openSource: (messageId: number, proof: Proof) => void;
  preview: (proof?: Proof, element?: HTMLElement) => void;
};

type Props = {
  sessionId: number;
  message: AnswerMessage;
  /** While the answer is coming. */
  live?: LiveAnswer | undefined;
  /** `number.occurrence` of the citation that is open beside it. */
  active: string | undefined;
  tools: AnswerTools;
};

/** An answer with its citations, its sources and what can be done with it. */
export const Answer = memo(function Answer({ sessionId, message, live, active, tools }: Props) {
  const t = useText();
  const { id, parent_id, content, sources, citations } = message;
  const onRetry = id === undefined ? undefined : () => void streamOf(sessionId).regenerate({ id, parent_id });
  const context = useMemo(
    () => ({
      find: createProofs({ content, sources, citations }),
      open: (proof: Proof) => id !== undefined && tools.openSource(id, proof),
      preview: tools.preview,
      active,
    }),
    [id, content, sources, citations, active, tools],
  );
  const cited = useMemo(() => {
    const numbers = citedNumbers(content);
    return live ? [] : sources.filter(({ number }) => numbers.has(number));
  }, [content, sources, live]);
  const isNotFound = message.finish_reason === 'not_found';
  return (
    <article
      className={styles.answer}
      aria-busy={live !== undefined}
      data-not-found={isNotFound || undefined}
    >
      <VisuallyHidden component="h2">
        {t(isNotFound ? 'answer.notFoundHeading' : 'answer.heading')}
      </VisuallyHidden>
      {live && <StageLine live={live} />}
      <Reasoning text={live ? live.reasoning : (message.reasoning ?? '')} />
      <CitationContext value={context}>
        {isNotFound && !live && <p className={styles.notFound}>{t('answer.notFound')}</p>}
        <Markdown text={content} isStreaming={live?.phase === 'writing'} />
        {!live && <Outcome message={message} onRetry={onRetry} />}
        {!live && <NumbersNote check={message.check} />}
        {cited.length > 0 && <AnswerSources sources={cited} />}
      </CitationContext>
      {!live && <AnswerActions sessionId={sessionId} message={message} onRetry={onRetry} />}
    </article>
  );
});

/** What the model thought, for those who want to know. */
function Reasoning({ text }: { text: string }) {
  const t = useText();
  if (text === '') return null;
  return (
    <details className={styles.reasoning}>
      <summary>{t('answer.reasoning')}</summary>
      <p>{text}</p>
    </details>
  );
}

/** How the answer ended, where that is not plain. */
function Outcome({ message, onRetry }: { message: AnswerMessage; onRetry: (() => void) | undefined }) {
  const t = useText();
  if (message.error) return <ErrorNote error={message.error} title={t('answer.failed')} onRetry={onRetry} />;
  if (message.finish_reason === 'stopped') return <Note text={t('answer.stopped')} />;
  if (message.state === 'interrupted') return <Note text={t('answer.interrupted')} />;
  if (message.finish_reason === 'length') return <Note text={t('answer.cutOff')} />;
  return null;
}

/** Numbers that stand in no source are what models get wrong most easily. */
function NumbersNote({ check }: { check: AnswerMessage['check'] }) {
  const t = useText();
  const numbers = [...new Set(check?.unsupported_numbers.map(({ text }) => text))];
  if (numbers.length === 0) return null;
  return (
    <p className={styles.numbers}>
      {t('answer.numbers', { count: numbers.length, numbers: numbers.join(', ') })}
    </p>
  );
}

const Note = ({ text }: { text: string }) => (
  <Text size="sm" c="dimmed" mt={6}>
    {text}
  </Text>
);
