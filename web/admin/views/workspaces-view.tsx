import { useMemo } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { workspaceRow } from '../../../contract/administration/tables.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { DataTable } from '../table/data-table.tsx';
import styles from '../table/table.module.css';
import type { Column } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';
import { NewWorkspace } from './new-workspace.tsx';

type Workspace = z.infer<typeof workspaceRow>;

/** The workspaces of the server, and how much is in each. */
export default function WorkspacesView() {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.workspaces')} text={a('workspaces.text')} />
      <DataTable
        label={a('workspaces.list')}
        path="admin/workspace/"
        columns={useColumns()}
        searchHint={a('workspaces.search')}
        nameOf={({ name }) => name}
        standardSort="created_at"
        tools={<NewWorkspace />}
      />
    </>
  );
}

function useColumns(): Column<Workspace>[] {
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
        cell: ({ id, name }) => (
          <Link to={`/admin/workspaces/${id}`} className={styles.main}>
            {name}
          </Link>
        ),
      },
      {
        name: 'id',
        label: a('table.number'),
        width: '90px',
        isNumber: true,
        isExtra: true,
        cell: ({ id }) => String(id),
      },
      {
        name: 'members',
        label: t('account.members'),
        width: '110px',
        isNumber: true,
        onPhone: true,
        cell: ({ members }) => format.number(members),
      },
      {
        name: 'documents',
        label: a('admin.documents'),
        width: '120px',
        isNumber: true,
        cell: ({ documents }) => format.number(documents),
      },
      {
        name: 'sessions',
        label: a('admin.chats'),
        width: '100px',
        isNumber: true,
        cell: ({ sessions }) => format.number(sessions),
      },
      {
        name: 'keys',
        label: a('admin.keys'),
        width: '110px',
        isNumber: true,
        isExtra: true,
        cell: ({ keys }) => format.number(keys),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        sort: 'created_at',
        width: '160px',
        cell: ({ created_at: at }) => format.dateTime(at),
      },
    ],
    [t, a, format],
  );
}
