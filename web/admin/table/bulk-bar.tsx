import { Button, List, Modal, Text } from '@mantine/core';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { ConfirmDialog } from '../../ui/confirm-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import styles from './table.module.css';
import type { Action, RowBase } from './table-view.ts';
import type { Bulk } from './use-bulk.ts';
import type { Selection } from './use-selection.ts';

type Props<Row extends RowBase> = {
  rows: readonly Row[];
  actions: readonly Action<Row>[];
  selection: Selection;
  nameOf: (row: Row) => string;
  bulk: Bulk<Row>;
};

/** What can be done with all chosen rows at once, the question before it, and what came of it. */
export function BulkBar<Row extends RowBase>({ rows, actions, selection, nameOf, bulk }: Props<Row>) {
  const a = useAdministrationText();
  const selected = rows.filter(({ id }) => selection.ids.has(id));
  return (
    <>
      {selected.length > 0 && (
        <section className={styles.selected} aria-label={a('table.selection')}>
          <Text size="sm" fw={550} mr="xs" role="status">
            {a('table.chosen', { count: selected.length })}
          </Text>
          {actions.map(action => {
            const affected = selected.filter(row => action.isFor?.(row) ?? true);
            return (
              <Button
                key={action.name}
                size="compact-sm"
                variant={action.isDangerous ? 'outline' : 'default'}
                {...(action.isDangerous && { c: 'var(--bad)', color: 'red' })}
                disabled={affected.length === 0}
                loading={bulk.isPending && bulk.current?.action.name === action.name}
                onClick={() => bulk.begin(action, affected)}
              >
                {affected.length < selected.length ? `${action.label} (${affected.length})` : action.label}
              </Button>
            );
          })}
          <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.clear}>
            {a('table.clear')}
          </Button>
        </section>
      )}
      {bulk.error && <ErrorNote error={bulk.error} />}
      {bulk.asked?.action.question && (
        <ConfirmDialog
          label={bulk.asked.action.label}
          question={bulk.asked.action.question(bulk.asked.rows.length)}
          onConfirm={bulk.confirm}
          onClose={bulk.cancel}
        />
      )}
      {bulk.result && bulk.result.failed > 0 && <Failures bulk={bulk} nameOf={nameOf} />}
    </>
  );
}

type FailuresProps<Row extends RowBase> = { bulk: Bulk<Row>; nameOf: (row: Row) => string };

/** Those that it could not be done with, and why. */
function Failures<Row extends RowBase>({ bulk, nameOf }: FailuresProps<Row>) {
  const t = useText();
  const a = useAdministrationText();
  const describe = useErrorText();
  const names = new Map(bulk.current?.rows.map(row => [row.id, nameOf(row)]));
  return (
    <Modal
      opened
      onClose={bulk.forget}
      title={a('table.someFailed', { count: bulk.result?.failed ?? 0 })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <Text size="sm" mb="sm">
        {a('table.someDone', { count: bulk.result?.done ?? 0 })}
      </Text>
      <List size="sm" spacing={4}>
        {bulk.result?.results
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ id, code, message }) => (
            <List.Item key={id}>
              <b>{names.get(id) ?? `#${id}`}</b>: {describe({ code, message: message ?? code })}
            </List.Item>
          ))}
      </List>
    </Modal>
  );
}
