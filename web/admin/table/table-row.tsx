import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { memo } from 'react';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { IconDots } from '../../ui/icons.ts';
import styles from './table.module.css';
import type { Action, Column, RowBase } from './table-view.ts';

type Props<Row extends RowBase> = {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  actions: readonly Action<Row>[];
  name: string;
  isChosen: boolean;
  onToggle: (row: Row, isRange: boolean) => void;
  onAction: (action: Action<Row>, rows: readonly Row[]) => void;
};

function Row<Of extends RowBase>({
  row,
  index,
  columns,
  actions,
  name,
  isChosen,
  onToggle,
  onAction,
}: Props<Of>) {
  const a = useAdministrationText();
  const possible = actions.filter(({ isFor }) => isFor?.(row) ?? true);
  return (
    <tr data-index={index} aria-rowindex={index + 2} {...(isChosen && { 'data-chosen': true })}>
      {actions.length > 0 && (
        <td className={styles.narrow} data-phone>
          <Checkbox
            size="xs"
            aria-label={a('table.choose', { name })}
            checked={isChosen}
            onChange={({ nativeEvent }) =>
              onToggle(row, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
            }
          />
        </td>
      )}
      {columns.map(column => (
        <td
          key={column.name}
          {...(column.onPhone && { 'data-phone': true })}
          {...(column.isNumber && { 'data-number': true })}
          {...(column.isExtra && { 'data-extra': true })}
        >
          {column.cell(row)}
        </td>
      ))}
      {actions.length > 0 && (
        <td className={styles.narrow} data-phone>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size={28} aria-label={a('table.actionsOf', { name })} disabled={!possible.length}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {possible.map(action => (
                <Menu.Item
                  key={action.name}
                  {...(action.isDangerous && { c: 'var(--bad)' })}
                  onClick={() => onAction(action, [row])}
                >
                  {action.label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </td>
      )}
    </tr>
  );
}

/** One row; drawn anew only when it changes, however fast one scrolls. */
export const TableRow = memo(Row) as typeof Row;
