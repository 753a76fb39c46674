import { ActionIcon, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Message, Session } from '../api/sessions.ts';
import { useText } from '../language/language-store.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconArrowDown } from '../ui/icons.ts';
import { Announcer } from './announcer.tsx';
import { Answer, type AnswerTools } from './answer/answer.tsx';
import { ChatComposer } from './asking/chat-composer.tsx';
import { focusComposer } from './asking/focus-composer.ts';
import styles from './chat-page.module.css';
import { FollowUpList } from './follow-up-list.tsx';
import { Question, QuestionBubble } from './question.tsx';
import { keptMessages } from './streaming/kept-messages.ts';
import { blankMessage } from './streaming/to-messages.ts';
import { streamOf, useLiveAnswer, useRefusal } from './streaming/use-live-answer.ts';
import { useGradualStart } from './use-gradual-start.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

type Props = {
  sessionId: number;
  session: UseQueryResult<Session>;
  tools: AnswerTools;
  activeIn: (messageId: number | undefined) => string | undefined;
};

/** The messages of a session, with the answer that is coming, and the composer below. */
export function Conversation({ sessionId, session, tools, activeIn }: Props) {
  const t = useText();
  const refusal = useRefusal(sessionId);
  const shown = useShownMessages(sessionId, session.data);
  useFollowRunning(sessionId, session.data);
  const { scroller, content, isAway, toEnd } = useStickToEnd(`${sessionId}:${shown.length}`);
  const start = useGradualStart(scroller, { count: shown.length, loaded: session.isSuccess });
  const ask = (message: string) => void streamOf(sessionId).ask(message);
  const title = session.data?.title ?? shown[0]?.content ?? t('chat.title');
  usePageTitle(title);
  return (
    <div className={styles.chat}>
      <Announcer sessionId={sessionId} />
      <header className={styles.topbar}>
        <Text component="h1" size="sm" fw={600} truncate>
          {title}
        </Text>
      </header>
      <section
        ref={scroller}
        className={`${styles.scroller} scroll`}
        tabIndex={0}
        aria-label={t('chat.conversation')}
      >
        <div ref={content} className={styles.column}>
          {session.isLoading && <ConversationSkeleton />}
          {session.isError && (
            <ErrorNote error={session.error} title={t('chat.notLoaded')} onRetry={() => session.refetch()} />
          )}
          {shown.slice(start).map((message, at) => (
            <MessageView
              key={start + at}
              sessionId={sessionId}
              message={message}
              isLast={start + at === shown.length - 1}
              tools={tools}
              active={activeIn(message.id)}
            />
          ))}
          <FollowUps
            sessionId={sessionId}
            last={shown.at(-1)}
            onAsk={question => {
              ask(question);
              focusComposer(); // What was clicked is gone.
            }}
          />
          {refusal && (
            <>
              {refusal.question !== '' && <QuestionBubble content={refusal.question} />}
              <ErrorNote
                error={refusal.error}
                title={t('chat.notAsked')}
                onRetry={() => ask(refusal.question)}
              />
            </>
          )}
        </div>
      </section>
      <div className={styles.dock}>
        {isAway && (
          <ActionIcon
            className={styles.toEnd}
            size={36}
            radius="xl"
            variant="default"
            onClick={() => toEnd('smooth')}
            aria-label={t('chat.toEnd')}
          >
            <IconArrowDown size={18} stroke={1.8} />
          </ActionIcon>
        )}
        <ChatComposer sessionId={sessionId} onAsk={ask} />
        <Text size="xs" c="dimmed" ta="center" mt={8} visibleFrom="sm">
          {t('chat.check')}
        </Text>
      </div>
    </div>
  );
}

export type Shown = Omit<Message, 'id'> & { id: number | undefined };

/** The history, with the question and the answer that are on their way at its end. */
function useShownMessages(sessionId: number, session: Session | undefined): Shown[] {
  const isComing = useLiveAnswer(sessionId, ({ phase }) => phase !== 'idle');
  const messageId = useLiveAnswer(sessionId, live => live.messageId);
  const userMessageId = useLiveAnswer(sessionId, live => live.userMessageId);
  const question = useLiveAnswer(sessionId, live => live.question);
  const keepUntil = useLiveAnswer(sessionId, live => live.keepUntil);
  return useMemo(() => {
    const messages = session?.messages ?? [];
    if (!isComing) return messages;
    const before = keptMessages(messages, { keepUntil, messageId });
    const isSaved = before.some(({ id }) => id === userMessageId);
    const blank = { ...blankMessage, state: 'running' as const };
    return [
      ...before,
      ...(question === undefined || isSaved
        ? []
        : [{ ...blank, id: userMessageId, role: 'user' as const, content: question }]),
      { ...blank, id: messageId, role: 'assistant' as const, content: '' },
    ];
  }, [session, isComing, messageId, userMessageId, question, keepUntil]);
}

/** An answer that was begun elsewhere, or before the page was opened, is followed. */
function useFollowRunning(sessionId: number, session: Session | undefined): void {
  const last = session?.messages.at(-1);
  const running = last?.role === 'assistant' && last.state === 'running' ? last.id : undefined;
  useEffect(() => {
    if (running !== undefined) void streamOf(sessionId).follow(running);
  }, [sessionId, running]);
}

type MessageProps = {
  sessionId: number;
  message: Shown;
  isLast: boolean;
  tools: AnswerTools;
  active: string | undefined;
};

function MessageView({ sessionId, message, isLast, ...others }: MessageProps) {
  if (message.role === 'user') return <Question sessionId={sessionId} message={message} />;
  return isLast ? (
    <LastAnswer sessionId={sessionId} message={message} {...others} />
  ) : (
    <Answer sessionId={sessionId} message={message} {...others} />
  );
}

/** The one answer that may be coming; only this is shown anew with every piece of text. */
function LastAnswer({ sessionId, message, ...others }: Omit<MessageProps, 'isLast'>) {
  const live = useLiveAnswer(sessionId, answer => answer);
  if (live.phase === 'idle') return <Answer sessionId={sessionId} message={message} {...others} />;
  const { content, sources, citations } = live;
  return (
    <Answer
      sessionId={sessionId}
      message={{ ...message, content, citations, sources: withState(sources) }}
      live={live}
      {...others}
    />
  );
}

type FollowUpProps = { sessionId: number; last: Shown | undefined; onAsk: (question: string) => void };

/** What can be asked next, once the last answer is there. */
function FollowUps({ sessionId, last, onAsk }: FollowUpProps) {
  const isIdle = useLiveAnswer(sessionId, ({ phase }) => phase === 'idle');
  if (!isIdle || last?.role !== 'assistant' || last.state !== 'complete' || last.id === undefined)
    return null;
  return <FollowUpList messageId={last.id} onAsk={onAsk} />;
}

const withState = (sources: Omit<Message['sources'][number], 'state'>[]) =>
  sources.map(source => ({ ...source, state: 'current' as const }));

function ConversationSkeleton() {
  const t = useText();
  return (
    <Stack mt="xl">
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      {[60, 95, 88, 70].map(width => (
        <Skeleton key={width} h={15} w={`${width}%`} />
      ))}
    </Stack>
  );
}
