import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import type { z } from 'zod';
import { roles } from '../../../contract/accounts/permissions.ts';
import type { memberRow } from '../../../contract/administration/tables.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { DataTable } from '../table/data-table.tsx';
import styles from '../table/table.module.css';
import type { Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

type Member = z.infer<typeof memberRow>;

/** Who is in a workspace. */
export default function WorkspaceMembersView() {
  const t = useText();
  const a = useAdministrationText();
  const id = Number(useParams().id);
  const filters = useMemo(
    (): Filter[] => [
      {
        kind: 'choice',
        name: 'role',
        label: a('table.role'),
        choices: roles.map(role => ({ value: role, label: t(`role.${role}`) })),
      },
    ],
    [t, a],
  );
  return (
    <>
      <ViewHead title={a('workspaces.membersOf', { number: String(id) })}>
        <Link to="/admin/workspaces">{a('workspaces.back')}</Link>
      </ViewHead>
      <DataTable
        label={t('account.members')}
        path={`admin/workspace/${id}/member/`}
        columns={useColumns()}
        filters={filters}
        nameOf={({ name }) => name}
      />
    </>
  );
}

function useColumns(): Column<Member>[] {
  const t = useText();
  const a = useAdministrationText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'email',
        label: t('account.email'),
        onPhone: true,
        cell: ({ email }) => (
          <Link to={`/admin/users?q=${encodeURIComponent(email)}`} className={styles.main}>
            {email}
          </Link>
        ),
      },
      { name: 'name', label: t('account.name'), width: '180px', cell: ({ name }) => name },
      {
        name: 'role',
        label: a('table.role'),
        width: '140px',
        onPhone: true,
        cell: ({ role }) => t(`role.${role}`),
      },
      {
        name: 'state',
        label: a('table.state'),
        width: '120px',
        isExtra: true,
        cell: ({ disabled }) => a(disabled ? 'user.disabled' : 'user.active'),
      },
      {
        name: 'since',
        label: a('table.since'),
        width: '170px',
        cell: ({ since }) => format.dateTime(since),
      },
    ],
    [t, a, format],
  );
}
