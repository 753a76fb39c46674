import { Alert, Button, NativeSelect, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { z } from 'zod';
import type { chatAccessOfMine, chatRow } from '../../../contract/administration/chats.ts';
import { useAccount } from '../../api/accounts.ts';
import { request } from '../../api/request.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { IconAlertTriangle } from '../../ui/icons.ts';
import { DataTable } from '../table/data-table.tsx';
import styles from '../table/table.module.css';
import type { Column } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';
import { hasAgreed, setAgreed } from './agreement.ts';

type Chat = z.infer<typeof chatRow>;
type Mine = z.infer<typeof chatAccessOfMine>;

/** The chats of a workspace, for whom its owner lets look at them. Nothing is read before one has said to want it. */
export default function ChatsView() {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  const [parameters, setParameters] = useSearchParams();
  const { data: account } = useAccount();
  const isLet = account?.permissions.includes('inspect');
  const { data, error } = useQuery({
    enabled: isLet === true,
    queryKey: ['administration', 'chat-workspaces'],
    queryFn: ({ signal }) => request<Mine>('admin/chat/workspace/', { signal }),
  });
  const wanted = Number(parameters.get('workspace'));
  const chosen = data?.workspaces.find(({ id }) => id === wanted) ?? data?.workspaces[0];
  const [, setAgreements] = useState(0);
  return (
    <>
      <ViewHead title={a('admin.chats')} text={a('chats.text')} />
      {error && <ErrorNote error={error} />}
      {isLet && !data && !error && <Skeleton h={160} />}
      {(isLet === false || data?.workspaces.length === 0) && <Text>{a('chats.noAccess')}</Text>}
      {data && chosen && (
        <>
          <NativeSelect
            size="xs"
            label={a('admin.workspace')}
            value={String(chosen.id)}
            onChange={event => setParameters({ workspace: event.currentTarget.value }, { replace: true })}
            data={data.workspaces.map(({ id, name }) => ({ value: String(id), label: name }))}
            maw={300}
            mb="sm"
          />
          {hasAgreed(chosen.id) ? (
            <ChatTable key={chosen.id} workspaceId={chosen.id} />
          ) : (
            <Alert
              color="yellow"
              variant="light"
              icon={<IconAlertTriangle size={18} />}
              title={a('chats.warningTitle')}
              styles={{ title: { color: 'var(--mantine-color-text)' } }}
            >
              <Text size="sm" mb="sm">
                {a('chats.warning', { workspace: chosen.name })}
              </Text>
              {chosen.reason !== null && (
                <Text size="sm" mb="sm">
                  {a('chats.reason', { reason: chosen.reason })}
                  {chosen.expires_at !== null &&
                    ` · ${a('key.until', { date: dateTime(chosen.expires_at) })}`}
                </Text>
              )}
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  setAgreed(chosen.id);
                  setAgreements(count => count + 1);
                }}
              >
                {a('chats.look')}
              </Button>
            </Alert>
          )}
        </>
      )}
    </>
  );
}

function ChatTable({ workspaceId }: { workspaceId: number }) {
  const a = useAdministrationText();
  return (
    <DataTable
      label={a('chats.list')}
      path="admin/chat/"
      parameters={`workspace_id=${workspaceId}`}
      columns={useColumns(workspaceId)}
      nameOf={chat => chat.title ?? `#${chat.id}`}
      standardSort="updated_at"
    />
  );
}

function useColumns(workspaceId: number): Column<Chat>[] {
  const a = useAdministrationText();
  const { dateTime, number } = useFormat();
  return useMemo(
    () => [
      {
        name: 'title',
        label: a('chats.titleOf'),
        onPhone: true,
        cell: ({ id, title }) => (
          <Link to={`/admin/chats/${workspaceId}/${id}`} className={styles.main}>
            {title ?? `#${id}`}
          </Link>
        ),
      },
      {
        name: 'messages',
        label: a('chats.messages'),
        width: '110px',
        isNumber: true,
        onPhone: true,
        cell: ({ messages }) => number(messages),
      },
      {
        name: 'updated_at',
        label: a('chats.updated'),
        sort: 'updated_at',
        width: '170px',
        cell: ({ updated_at: at }) => dateTime(at),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        sort: 'created_at',
        width: '170px',
        isExtra: true,
        cell: ({ created_at: at }) => dateTime(at),
      },
    ],
    [a, workspaceId, dateTime, number],
  );
}
