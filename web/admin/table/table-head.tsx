import { IconArrowDown, IconArrowUp } from '../../ui/icons.ts';
import styles from './table.module.css';
import type { Column, Order } from './table-view.ts';
import type { TableAddress } from './use-table-address.ts';

type Props<Row> = {
  column: Column<Row>;
  address: TableAddress;
  standardSort: string | undefined;
  standardOrder: Order;
};

/** The heading of a column; where the server can sort by it, a button that does. */
export function HeadCell<Row>({ column, address, standardSort, standardOrder }: Props<Row>) {
  const { label, width, sort, onPhone, isNumber, isExtra } = column;
  const isSorted = sort !== undefined && (address.sort ?? standardSort) === sort;
  const isUp = address.order === 'asc';
  const turn = () => {
    // The other way round; by another column the way it comes first: texts from A, times from now.
    const next: Order = isSorted
      ? isUp
        ? 'desc'
        : 'asc'
      : isNumber || sort?.endsWith('_at')
        ? 'desc'
        : 'asc';
    const isStandard = sort === standardSort && next === standardOrder;
    address.set({ sort: isStandard ? '' : (sort ?? ''), order: isStandard ? '' : next });
  };
  const Arrow = isUp ? IconArrowUp : IconArrowDown;
  return (
    <th
      {...(width !== undefined && { style: { ['--width' as string]: width } })}
      {...(onPhone && { 'data-phone': true })}
      {...(isNumber && { 'data-number': true })}
      {...(isExtra && { 'data-extra': true })}
      {...(isSorted && { 'aria-sort': isUp ? ('ascending' as const) : ('descending' as const) })}
    >
      {sort === undefined ? (
        label
      ) : (
        <button type="button" className={styles.sort} onClick={turn}>
          {label}
          {isSorted && <Arrow size={14} stroke={2} aria-hidden />}
        </button>
      )}
    </th>
  );
}
