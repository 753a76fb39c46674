import { Code } from '@mantine/core';
import { useMemo } from 'react';
import type { z } from 'zod';
import type { auditRow } from '../../../contract/administration/tables.ts';
import { type AdministrationText, useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

const actorKinds = ['local', 'user', 'key', 'anonymous', 'terminal'] as const;

type Entry = z.infer<typeof auditRow>;

/** Who did what, when and from where. */
export default function AuditLogView({ of }: { of: 'workspace' | 'server' }) {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.auditLog')} text={a(of === 'server' ? 'audit.serverText' : 'audit.text')} />
      <DataTable
        label={a('audit.list')}
        path={of === 'server' ? 'admin/server/audit/' : 'admin/audit/'}
        columns={useColumns()}
        filters={useFilters(of)}
        nameOf={({ action, id }) => `${action} #${id}`}
        details={entry => <EntryDetails entry={entry} />}
      />
    </>
  );
}

/** Who acted: the person where there is one, else what kind of client. */
function whoOf({ user, key_id: keyId, actor }: Entry, a: AdministrationText): string {
  if (user) return user.email ?? a('audit.userGone', { number: String(user.id) });
  return keyId === null ? a(`actor.${actor}`) : `${a('actor.key')} #${keyId}`;
}

function useColumns(): Column<Entry>[] {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return useMemo(
    () => [
      {
        name: 'action',
        label: a('audit.action'),
        onPhone: true,
        cell: ({ id, action }) => <OpenLink id={id} text={action} />,
      },
      { name: 'who', label: a('audit.who'), width: '190px', onPhone: true, cell: entry => whoOf(entry, a) },
      {
        name: 'details',
        label: a('audit.details'),
        width: '280px',
        isExtra: true,
        cell: ({ details }) =>
          Object.entries(details)
            .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(' · '),
      },
      {
        name: 'address',
        label: a('audit.address'),
        width: '130px',
        cell: ({ address }) => address,
      },
      { name: 'at', label: a('audit.at'), width: '170px', cell: ({ at }) => dateTime(at) },
    ],
    [a, dateTime],
  );
}

function useFilters(of: 'workspace' | 'server'): Filter[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      { kind: 'text', name: 'action', label: a('audit.action') },
      {
        kind: 'choice',
        name: 'actor',
        label: a('audit.actor'),
        choices: actorKinds.map(kind => ({ value: kind, label: a(`actor.${kind}`) })),
      },
      { kind: 'text', name: 'user', label: a('audit.user') },
      { kind: 'text', name: 'key', label: a('audit.key') },
      { kind: 'text', name: 'address', label: a('audit.address') },
      ...(of === 'server' ? [{ kind: 'text' as const, name: 'workspace', label: a('admin.workspace') }] : []),
      { kind: 'from', name: 'from', label: a('table.from') },
      { kind: 'to', name: 'to', label: a('table.to') },
    ],
    [a, of],
  );
}

function EntryDetails({ entry }: { entry: Entry }) {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return (
    <FactList
      facts={[
        [a('audit.action'), entry.action],
        [a('audit.at'), dateTime(entry.at)],
        [a('audit.actor'), a(`actor.${entry.actor}`)],
        [a('audit.who'), whoOf(entry, a)],
        [a('audit.userNumber'), entry.user?.id],
        [a('audit.keyNumber'), entry.key_id],
        [a('audit.address'), entry.address],
        [a('table.workspaceNumber'), entry.workspace_id],
        [
          a('audit.details'),
          <Code key="details" block>
            {JSON.stringify(entry.details, null, 2)}
          </Code>,
        ],
      ]}
    />
  );
}
