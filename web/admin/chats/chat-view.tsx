import { Button, Skeleton } from '@mantine/core';
import { Link, Navigate, useParams } from 'react-router';
import type { z } from 'zod';
import type { chatMessageRow } from '../../../contract/administration/chats.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRows } from '../table/use-rows.ts';
import { ViewHead } from '../view-head.tsx';
import { hasAgreed } from './agreement.ts';
import styles from './chats.module.css';

type ChatMessage = z.infer<typeof chatMessageRow>;

/** A chat as it was written, all its branches in the order of time. */
export default function ChatView() {
  const { workspace, id } = useParams();
  // Whoever comes here by a link is warned first.
  if (!hasAgreed(Number(workspace))) return <Navigate to={`/admin/chats?workspace=${workspace}`} replace />;
  return <Messages workspaceId={Number(workspace)} id={Number(id)} />;
}

function Messages({ workspaceId, id }: { workspaceId: number; id: number }) {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  const { rows, error, isLoading, hasNextPage, isFetching, fetchNextPage } = useRows<ChatMessage>(
    `admin/chat/${id}/message/`,
    `workspace_id=${workspaceId}`,
  );
  return (
    <section className={`${styles.scroller} scroll`} tabIndex={0} aria-label={a('chats.messages')}>
      <ViewHead title={a('chats.number', { number: String(id) })}>
        <Link to={`/admin/chats?workspace=${workspaceId}`}>{a('chats.back')}</Link>
      </ViewHead>
      {error && <ErrorNote error={error} />}
      {isLoading && <Skeleton h={200} />}
      <ol className={styles.messages}>
        {rows.map(({ id: messageId, role, state, content, model, created_at: at }) => (
          <li key={messageId} data-role={role}>
            <div className={styles.facts}>
              {[
                a(`chats.${role}`),
                dateTime(at),
                ...(model === null ? [] : [model]),
                ...(state === 'complete' ? [] : [state]),
              ].join(' · ')}
            </div>
            <div className={styles.words}>{content}</div>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button variant="default" size="xs" loading={isFetching} onClick={() => void fetchNextPage()}>
          {a('chats.more')}
        </Button>
      )}
    </section>
  );
}
