import { useMemo } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { documentRow } from '../../../contract/administration/tables.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { StateMark } from '../row/state-mark.tsx';
import { DataTable } from '../table/data-table.tsx';
import styles from '../table/table.module.css';
import type { Action, Column, Filter } from '../table/table-view.ts';
import { ViewHead } from '../view-head.tsx';

/** Documents that are read show how far they are. */
const REFRESH_MS = 5_000;
const states = ['ready', 'queued', 'reading', 'indexing', 'failed', 'deleting'] as const;

type DocumentRow = z.infer<typeof documentRow>;

const nameOf = ({ title, filename }: DocumentRow) => title ?? filename;

/** Everything that answers are drawn from, and what was made of it. */
export default function DocumentsView() {
  const a = useAdministrationText();
  return (
    <>
      <ViewHead title={a('admin.documents')} text={a('documents.about')} />
      <DataTable
        label={a('documents.list')}
        path="admin/document/"
        columns={useColumns()}
        filters={useFilters()}
        searchHint={a('documents.search')}
        nameOf={nameOf}
        actions={useActions()}
        standardSort="created_at"
        refreshMs={REFRESH_MS}
      />
    </>
  );
}

function useColumns(): Column<DocumentRow>[] {
  const t = useText();
  const a = useAdministrationText();
  const describe = useErrorText();
  const { number, size, dateTime } = useFormat();
  return useMemo(
    () => [
      {
        name: 'filename',
        label: t('account.name'),
        sort: 'filename',
        onPhone: true,
        cell: document => (
          <Link to={`/admin/documents/${document.id}`} className={styles.main} title={document.filename}>
            {nameOf(document)}
          </Link>
        ),
      },
      {
        name: 'state',
        label: a('table.state'),
        width: '120px',
        onPhone: true,
        cell: ({ state, error }) => (
          <span title={error ? describe(error) : undefined}>
            <StateMark tone={state === 'failed' ? 'bad' : state === 'ready' ? 'good' : 'plain'}>
              {t(`state.${state}`)}
            </StateMark>
          </span>
        ),
      },
      {
        name: 'byte_size',
        label: a('table.size'),
        sort: 'byte_size',
        width: '100px',
        isNumber: true,
        cell: ({ byte_size: bytes }) => size(bytes),
      },
      {
        name: 'chunks',
        label: a('documents.chunks'),
        width: '100px',
        isNumber: true,
        isExtra: true,
        cell: ({ chunks }) => number(chunks),
      },
      {
        name: 'passages',
        label: a('documents.passages'),
        sort: 'passages',
        width: '112px',
        isNumber: true,
        cell: ({ passages }) => number(passages),
      },
      {
        name: 'tags',
        label: t('documents.tags'),
        width: '150px',
        isExtra: true,
        cell: ({ tags }) => tags.join(', '),
      },
      {
        name: 'created_at',
        label: a('table.created'),
        sort: 'created_at',
        width: '160px',
        cell: ({ created_at: at }) => dateTime(at),
      },
    ],
    [t, a, describe, number, size, dateTime],
  );
}

function useFilters(): Filter[] {
  const t = useText();
  const a = useAdministrationText();
  return useMemo(
    () => [
      {
        kind: 'choice',
        name: 'state',
        label: a('table.state'),
        choices: states.map(state => ({ value: state, label: t(`state.${state}`) })),
      },
      { kind: 'from', name: 'from', label: a('table.from') },
      { kind: 'to', name: 'to', label: a('table.to') },
    ],
    [t, a],
  );
}

function useActions(): Action<DocumentRow>[] {
  const t = useText();
  const a = useAdministrationText();
  return useMemo(
    () => [
      { name: 'reprocess', label: t('documents.reprocess'), isFor: ({ state }) => state === 'ready' },
      { name: 'retry', label: t('action.retry'), isFor: ({ state }) => state === 'failed' },
      {
        name: 'delete',
        label: t('action.delete'),
        question: count => a('documents.deleteQuestion', { count }),
        isDangerous: true,
        isFor: ({ state }) => state !== 'deleting',
      },
    ],
    [t, a],
  );
}
