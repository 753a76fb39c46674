import { useMemo } from 'react';
import type { z } from 'zod';
import type { keyRow, serverKeyRow } from '../../../contract/administration/tables.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { StateMark } from '../row/state-mark.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Action, Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

const keyStates = ['active', 'expired', 'revoked'] as const;

type Key = z.infer<typeof keyRow> | z.infer<typeof serverKeyRow>;

/** API keys, those that are good no more too. Their secrets are nowhere. */
export default function KeysView({ of }: { of: 'workspace' | 'server' }) {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.keys')} text={a(of === 'server' ? 'keys.serverText' : 'keys.text')} />
      <DataTable
        label={a('keys.list')}
        path={of === 'server' ? 'admin/server/key/' : 'admin/key/'}
        columns={useColumns(of)}
        filters={useFilters(of)}
        searchHint={a('keys.search')}
        nameOf={({ name }) => name}
        actions={useActions()}
        standardSort="created_at"
        details={key => <KeyDetails of={key} />}
      />
    </>
  );
}

function useColumns(of: 'workspace' | 'server'): Column<Key>[] {
  const t = useText();
  const a = useAdministrationText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'name',
        label: t('account.name'),
        sort: 'name',
        onPhone: true,
        cell: ({ id, name }) => <OpenLink id={id} text={name} />,
      },
      {
        name: 'prefix',
        label: a('keys.prefix'),
        width: '160px',
        cell: ({ prefix }) => <code>{prefix}…</code>,
      },
      ...(of === 'server'
        ? [
            {
              name: 'workspace',
              label: a('admin.workspace'),
              width: '150px',
              isExtra: true,
              cell: (key: Key) => 'workspace' in key && key.workspace.name,
            },
          ]
        : []),
      {
        name: 'scopes',
        label: t('account.scopes'),
        width: '170px',
        isExtra: true,
        cell: ({ scopes }) => scopes.map(scope => t(`scope.${scope}`)).join(', '),
      },
      {
        name: 'state',
        label: a('table.state'),
        width: '120px',
        onPhone: true,
        cell: ({ state }) => (
          <StateMark tone={state === 'active' ? 'good' : 'plain'}>{a(`keyState.${state}`)}</StateMark>
        ),
      },
      {
        name: 'last_used_at',
        label: a('keys.lastUse'),
        width: '130px',
        cell: ({ last_used_at: at }) => (at === null ? '–' : format.ago(at)),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        sort: 'created_at',
        width: '160px',
        isExtra: true,
        cell: ({ created_at: at }) => format.dateTime(at),
      },
    ],
    [t, a, of, format],
  );
}

function useFilters(of: 'workspace' | 'server'): Filter[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        kind: 'choice',
        name: 'state',
        label: a('table.state'),
        choices: keyStates.map(state => ({ value: state, label: a(`keyState.${state}`) })),
      },
      { kind: 'text', name: 'maker', label: a('keys.maker') },
      ...(of === 'server' ? [{ kind: 'text' as const, name: 'workspace', label: a('admin.workspace') }] : []),
    ],
    [a, of],
  );
}

function useActions(): Action<Key>[] {
  const t = useText();
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        name: 'revoke',
        label: t('account.revoke'),
        question: count => a('keys.revokeQuestion', { count }),
        isDangerous: true,
        isFor: ({ state }) => state === 'active',
      },
    ],
    [t, a],
  );
}

function KeyDetails({ of: key }: { of: Key }) {
  const t = useText();
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return (
    <FactList
      facts={[
        [t('account.name'), key.name],
        [a('table.number'), key.id],
        [a('keys.prefix'), <code key="prefix">{key.prefix}…</code>],
        [a('admin.workspace'), 'workspace' in key && key.workspace.name],
        [t('account.scopes'), key.scopes.map(scope => t(`scope.${scope}`)).join(', ')],
        [a('table.state'), a(`keyState.${key.state}`)],
        [a('keys.maker'), key.created_by?.email],
        [a('table.created'), dateTime(key.created_at)],
        [a('keys.lastUse'), key.last_used_at ? dateTime(key.last_used_at) : t('account.neverUsed')],
        [a('keys.expires'), key.expires_at && dateTime(key.expires_at)],
        [a('keys.revoked'), key.revoked_at && dateTime(key.revoked_at)],
      ]}
    />
  );
}
