import { useMemo } from 'react';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Action, Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';
import { NewUser } from './new-user.tsx';
import { UserDetails } from './user-details.tsx';
import { type User, UserState } from './user-state.tsx';

/** Everybody with an account on this server. */
export default function UsersView() {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.users')} text={a('users.text')} />
      <DataTable
        label={a('users.list')}
        path="admin/user/"
        columns={useColumns()}
        filters={useFilters()}
        searchHint={a('users.search')}
        nameOf={nameOf}
        actions={useActions()}
        standardSort="created_at"
        tools={<NewUser />}
        details={user => <UserDetails user={user} />}
      />
    </>
  );
}

const nameOf = ({ name, email }: User) => `${name} (${email})`;

function useColumns(): Column<User>[] {
  const t = useText();
  const a = useAdministrationText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'email',
        label: t('account.email'),
        sort: 'email',
        onPhone: true,
        cell: ({ id, email }) => <OpenLink id={id} text={email} />,
      },
      { name: 'name', label: t('account.name'), sort: 'name', width: '150px', cell: ({ name }) => name },
      {
        name: 'state',
        label: a('table.state'),
        width: '120px',
        onPhone: true,
        cell: user => <UserState user={user} />,
      },
      {
        name: 'workspaces',
        label: a('admin.workspaces'),
        width: '180px',
        isExtra: true,
        cell: ({ workspaces }) => workspaces.map(({ name }) => name).join(', '),
      },
      {
        name: 'signed_in_at',
        label: a('users.signedIn'),
        width: '130px',
        isExtra: true,
        cell: ({ signed_in_at: at }) => (at === null ? '–' : format.ago(at)),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        sort: 'created_at',
        width: '150px',
        cell: ({ created_at: at }) => format.dateTime(at),
      },
    ],
    [t, a, format],
  );
}

function useFilters(): Filter[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        kind: 'choice',
        name: 'state',
        label: a('table.state'),
        choices: [
          { value: 'active', label: a('user.active') },
          { value: 'disabled', label: a('user.disabled') },
        ],
      },
      {
        kind: 'choice',
        name: 'is_admin',
        label: a('user.administrator'),
        choices: [
          { value: 'true', label: a('word.yes') },
          { value: 'false', label: a('word.no') },
        ],
      },
      { kind: 'text', name: 'workspace', label: a('admin.workspace') },
    ],
    [a],
  );
}

function useActions(): Action<User>[] {
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        name: 'disable',
        label: a('user.disable'),
        question: count => a('users.disableQuestion', { count }),
        isDangerous: true,
        isFor: ({ disabled }) => !disabled,
      },
      { name: 'enable', label: a('user.enable'), isFor: ({ disabled }) => disabled },
    ],
    [a],
  );
}
