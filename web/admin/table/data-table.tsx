import { Checkbox, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { apiUrl } from '../../api/root-path.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { BulkBar } from '../bulk/bulk-bar.tsx';
import { useBulk } from '../bulk/use-bulk.ts';
import { useMatching } from '../bulk/use-matching.ts';
import { RowDetails } from '../row/row-details.tsx';
import { moveFocus } from './move-focus.ts';
import styles from './table.module.css';
import { HeadCell } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import { TableTools } from './table-tools.tsx';
import type { Action, Column, Filter, Order, RowBase } from './table-view.ts';
import { useRows } from './use-rows.ts';
import { useSelection } from './use-selection.ts';
import { useTableAddress } from './use-table-address.ts';

const ROW_PX = 44;
/** Rows before the end of what is loaded at which more is asked for. */
const AHEAD = 60;
const noFilters: readonly Filter[] = [];
const noActions: readonly [] = [];

type Props<Row extends RowBase> = {
  /** What the rows are, for who can't see them. */
  label: string;
  /** Of the API; the CSV file stands beside it. */
  path: string;
  /** Query parameters that belong to the path, whatever the address says. */
  parameters?: string;
  columns: readonly Column<Row>[];
  filters?: readonly Filter[];
  searchHint?: string;
  /** What a row is called. */
  nameOf: (row: Row) => string;
  actions?: readonly Action<Row>[];
  hasExport?: boolean;
  standardSort?: string;
  standardOrder?: Order;
  /** All there is to know of a row, beside the table; its address ends in `open=ID`. */
  details?: (row: Row) => ReactNode;
  /** For what changes by itself. */
  refreshMs?: number;
  tools?: ReactNode;
};

/** A table of any length: sorted, searched and narrowed by the server, and only the rows that are seen exist. */
export function DataTable<Row extends RowBase>({
  label,
  path,
  parameters = '',
  columns,
  filters = noFilters,
  searchHint,
  nameOf,
  actions = noActions,
  hasExport = true,
  standardSort,
  standardOrder = 'desc',
  details,
  refreshMs,
  tools,
}: Props<Row>) {
  const a = useAdministrationText();
  const address = useTableAddress(filters, standardOrder);
  const query = parameters === '' ? address.query : `${parameters}&${address.query}`;
  const { rows, error, isLoading, hasNextPage, isFetching, fetchNextPage, refetch } = useRows<Row>(
    path,
    query,
    refreshMs,
  );
  const selection = useSelection(rows, `${path} ${query}`);
  const bulk = useBulk<Row>(path, selection.clear);
  const matching = useMatching<Row>({
    path,
    filter: address.filter,
    isCounted: selection.isEvery || (selection.hasAllLoaded && hasNextPage),
    onDone: selection.clear,
  });
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: at => rows[at]?.id ?? at,
    overscan: 10,
    // The row of headings, which stays.
    scrollPaddingStart: ROW_PX,
    scrollPaddingEnd: ROW_PX,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > rows.length - AHEAD && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetching, error, fetchNextPage]);
  const hasActions = actions.length > 0;
  const openId = Number(address.value('open'));
  const open = useMemo(() => rows.find(({ id }) => id === openId), [rows, openId]);
  return (
    <div className={styles.whole}>
      <TableTools
        address={address}
        filters={filters}
        searchHint={searchHint}
        exportUrl={hasExport ? apiUrl(`${path}export/?${query}`) : undefined}
      >
        {tools}
      </TableTools>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <section
        ref={scroller}
        className={`${styles.scroller} scroll`}
        tabIndex={0}
        aria-label={label}
        onKeyDown={event => moveFocus(event, at => virtual.scrollToIndex(at))}
      >
        <table className={styles.table} aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {hasActions && (
                <th className={styles.narrow} data-phone>
                  <Checkbox
                    size="xs"
                    aria-label={a('table.chooseAll')}
                    checked={selection.hasAllLoaded}
                    indeterminate={selection.ids.size > 0 && !selection.hasAllLoaded}
                    onChange={event => selection.setAll(event.currentTarget.checked)}
                  />
                </th>
              )}
              {columns.map(column => (
                <HeadCell
                  key={column.name}
                  column={column}
                  address={address}
                  standardSort={standardSort}
                  standardOrder={standardOrder}
                />
              ))}
              {hasActions && (
                <th className={styles.narrow} data-phone>
                  <VisuallyHidden>{a('table.actions')}</VisuallyHidden>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            <Space px={shown[0]?.start ?? 0} />
            {shown.map(({ index, key }) => {
              const row = rows[index];
              return (
                row && (
                  <TableRow
                    key={key}
                    row={row}
                    index={index}
                    columns={columns}
                    actions={actions}
                    name={nameOf(row)}
                    isChosen={selection.isEvery || selection.ids.has(row.id)}
                    onToggle={selection.toggle}
                    onAction={bulk.begin}
                  />
                )
              );
            })}
            <Space px={virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
        {isLoading && (
          <Stack gap={20} p="md" aria-hidden>
            {[1, 2, 3, 4, 5].map(row => (
              <Skeleton key={row} h={24} />
            ))}
          </Stack>
        )}
        {!isLoading && !error && rows.length === 0 && (
          <Text className={styles.empty}>{a(address.isNarrowed ? 'table.noneFound' : 'table.none')}</Text>
        )}
      </section>
      {hasActions && (
        <BulkBar
          rows={rows}
          hasMore={hasNextPage}
          isNarrowed={address.isNarrowed}
          actions={actions}
          selection={selection}
          nameOf={nameOf}
          bulk={bulk}
          matching={matching}
        />
      )}
      <div className={styles.foot} role="status">
        {!isLoading && a(hasNextPage ? 'table.more' : 'table.count', { count: rows.length })}
      </div>
      {details && openId > 0 && !isLoading && (
        <RowDetails title={open ? nameOf(open) : `#${openId}`} onClose={() => address.set({ open: '' })}>
          {open ? details(open) : <Text size="sm">{a('table.notShown')}</Text>}
        </RowDetails>
      )}
    </div>
  );
}

/** Stands for the rows that are not seen. */
function Space({ px }: { px: number }) {
  if (px <= 0) return null;
  return (
    <tr className={styles.space} aria-hidden>
      <td style={{ height: px }} />
    </tr>
  );
}
