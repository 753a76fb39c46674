import { Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { NavLink } from 'react-router';
import type { SessionSummary } from '../api/sessions.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import { IconPinFilled, IconSearch } from '../ui/icons.ts';
import { groupByDate } from './group-by-date.ts';
import styles from './session-list.module.css';
import { SessionMenu } from './session-menu.tsx';
import { useSessions } from './use-sessions.ts';

const SOON_PX = 400;

/** All chats, by date or by what is searched for. */
export function SessionList({ onNavigate }: { onNavigate: () => void }) {
  const t = useText();
  const [words, setWords] = useState('');
  const [searched] = useDebouncedValue(words.trim(), 200);
  const { data, isLoading, hasNextPage, fetchNextPage } = useSessions(searched);
  const sessions =
    data?.pages.flatMap(page => page.sessions).filter(({ message_count }) => message_count > 0) ?? [];
  return (
    <>
      <TextInput
        value={words}
        onChange={event => setWords(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Escape' && setWords('')}
        placeholder={t('sessions.search')}
        aria-label={t('sessions.search')}
        leftSection={<IconSearch size={16} stroke={1.7} />}
        variant="unstyled"
        className={styles.search}
        id="session-search"
      />
      <nav
        className={`${styles.scroller} scroll`}
        aria-label={t('sessions.list')}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (hasNextPage && scrollTop + clientHeight > scrollHeight - SOON_PX) void fetchNextPage();
        }}
      >
        {isLoading && (
          <Stack gap={14} mt="sm" px={10} aria-hidden>
            {[80, 60, 90, 70].map(width => (
              <Skeleton key={width} h={14} w={`${width}%`} />
            ))}
          </Stack>
        )}
        {searched !== '' && sessions.length === 0 && !isLoading && (
          <Text size="sm" c="dimmed" px={10} py={8}>
            {t('sessions.noneFound')}
          </Text>
        )}
        {groupByDate(sessions).map(([group, list]) => (
          <section key={group}>
            <h2 className={styles.group}>{t(`sessions.${group}`)}</h2>
            <ul className={styles.list}>
              {list.map(session => (
                <SessionItem key={session.id} session={session} onNavigate={onNavigate} />
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  );
}

function SessionItem({ session, onNavigate }: { session: SessionSummary; onNavigate: () => void }) {
  const { dateTime } = useFormat();
  const title = session.title ?? dateTime(session.created_at);
  return (
    <li className={styles.session}>
      <NavLink to={`/chat/${session.id}`} onClick={onNavigate} title={title}>
        {session.pinned && <IconPinFilled size={12} aria-hidden />}
        {title}
        {session.hit && session.hit.message_id !== null && <Snippet hit={session.hit} />}
      </NavLink>
      <SessionMenu session={session} title={title} />
    </li>
  );
}

/** Where in the chat the words stand that were searched for. */
function Snippet({ hit: { snippet, marks } }: { hit: NonNullable<SessionSummary['hit']> }) {
  const pieces = marks.map(({ start, end }, at) => (
    <span key={start}>
      {snippet.slice(marks[at - 1]?.end ?? 0, start)}
      <mark>{snippet.slice(start, end)}</mark>
    </span>
  ));
  return (
    <small>
      {pieces}
      {snippet.slice(marks.at(-1)?.end ?? 0)}
    </small>
  );
}
