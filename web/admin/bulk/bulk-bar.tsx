import { Button, List, Modal, Text } from '@mantine/core';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { ConfirmDialog } from '../../ui/confirm-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import styles from '../table/table.module.css';
import type { Action, RowBase } from '../table/table-view.ts';
import type { Selection } from '../table/use-selection.ts';
import { MatchingDialogs } from './matching-dialogs.tsx';
import type { Bulk } from './use-bulk.ts';
import type { Matching } from './use-matching.ts';

type Props<Row extends RowBase> = {
  rows: readonly Row[];
  /** There are rows that are not loaded. */
  hasMore: boolean;
  isNarrowed: boolean;
  actions: readonly Action<Row>[];
  selection: Selection;
  nameOf: (row: Row) => string;
  bulk: Bulk<Row>;
  matching: Matching<Row>;
};

/** What can be done with all chosen rows at once, the question before it, and what came of it. */
export function BulkBar<Row extends RowBase>(props: Props<Row>) {
  const { rows, nameOf, bulk, matching, selection } = props;
  const chosen = rows.filter(({ id }) => selection.ids.has(id));
  const error = bulk.error ?? matching.error;
  return (
    <>
      {chosen.length > 0 && <Chosen {...props} chosen={chosen} />}
      {error && <ErrorNote error={error} />}
      {bulk.asked?.action.question && (
        <ConfirmDialog
          label={bulk.asked.action.label}
          question={bulk.asked.action.question(bulk.asked.rows.length)}
          onConfirm={bulk.confirm}
          onClose={bulk.cancel}
        />
      )}
      {bulk.result && bulk.result.failed > 0 && <Failures bulk={bulk} nameOf={nameOf} />}
      <MatchingDialogs matching={matching} />
    </>
  );
}

/** How many are chosen, the way to all of them, and the actions. */
function Chosen<Row extends RowBase>({
  chosen,
  hasMore,
  isNarrowed,
  actions,
  selection,
  bulk,
  matching,
}: Props<Row> & { chosen: readonly Row[] }) {
  const a = useAdministrationText();
  const { isEvery, hasAllLoaded } = selection;
  const { count } = matching;
  return (
    <section className={styles.selected} aria-label={a('table.selection')}>
      <Text size="sm" fw={550} mr="xs" role="status">
        {isEvery && count !== undefined
          ? a('table.everyChosen', { count })
          : a('table.chosen', { count: chosen.length })}
      </Text>
      {!isEvery && hasAllLoaded && hasMore && count !== undefined && (
        <Button size="compact-sm" variant="subtle" onClick={selection.chooseEvery}>
          {a(isNarrowed ? 'table.chooseMatching' : 'table.chooseWhole', { count })}
        </Button>
      )}
      {actions.map(action => {
        const affected = chosen.filter(row => action.isFor?.(row) ?? true);
        const isSome = !isEvery && affected.length < chosen.length;
        const current = isEvery ? matching.beginning : bulk.isPending ? bulk.current?.action : undefined;
        return (
          <Button
            key={action.name}
            size="compact-sm"
            variant={action.isDangerous ? 'outline' : 'default'}
            {...(action.isDangerous && { c: 'var(--bad)', color: 'red' })}
            disabled={!isEvery && affected.length === 0}
            loading={current?.name === action.name}
            onClick={() => (isEvery ? matching.begin(action) : bulk.begin(action, affected))}
          >
            {isSome ? `${action.label} (${affected.length})` : action.label}
          </Button>
        );
      })}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.clear}>
        {a('table.clear')}
      </Button>
    </section>
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
