import { Progress as Bar, Button, Group, List, Modal, Text } from '@mantine/core';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useErrorText } from '../../language/use-error-text.ts';
import { ConfirmDialog } from '../../ui/confirm-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { RowBase } from '../table/table-view.ts';
import { countFailures, type Failures } from './failures.ts';
import type { Matching, Progress } from './use-matching.ts';

/** The question before something is done with all that match, with their number; then how far it is. */
export function MatchingDialogs<Row extends RowBase>({ matching }: { matching: Matching<Row> }) {
  const t = useText();
  const a = useAdministrationText();
  const { asked, progress } = matching;
  if (progress) return <ProgressDialog matching={matching} progress={progress} />;
  if (!asked) return null;
  const { action, count } = asked;
  if (count > 0)
    return (
      <ConfirmDialog
        label={action.label}
        question={`${action.question?.(count) ?? a('table.question', { count })} ${a('table.everyHint')}`}
        isDangerous={action.isDangerous === true}
        onConfirm={matching.confirm}
        onClose={matching.cancel}
      />
    );
  return (
    <Modal
      opened
      onClose={matching.cancel}
      title={action.label}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <Text size="sm">{a('table.noneAffected')}</Text>
    </Modal>
  );
}

type Props<Row extends RowBase> = { matching: Matching<Row>; progress: Progress<Row> };

function ProgressDialog<Row extends RowBase>({ matching, progress }: Props<Row>) {
  const t = useText();
  const a = useAdministrationText();
  const { action, state, count, done, failures, error } = progress;
  const isRunning = state === 'running';
  const failed = countFailures(failures);
  const tried = Math.min(done + failed, count);
  const percent = state === 'done' ? 100 : (tried / count) * 100;
  const gone = count - tried;
  return (
    <Modal
      opened
      // It goes on until it is stopped.
      onClose={isRunning ? () => {} : matching.forget}
      withCloseButton={!isRunning}
      title={action.label}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <Bar.Root size="lg">
        <Bar.Section value={percent} aria-label={action.label} />
      </Bar.Root>
      <Text size="sm" mt="sm" role="status">
        {isRunning ? a('table.progress', { done: tried, count }) : a('table.someDone', { count: done })}
        {state === 'stopped' && ` ${a('table.stopped')}`}
        {state === 'done' && gone > 0 && ` ${a('table.gone', { count: gone })}`}
      </Text>
      {isRunning && (
        <Text size="xs" c="dimmed">
          {a('table.keepOpen')}
        </Text>
      )}
      {failed > 0 && <FailureList failures={failures} />}
      {error !== undefined && <ErrorNote error={error} />}
      <Group justify="flex-end" mt="lg">
        {isRunning && (
          <Button variant="default" onClick={matching.stop} data-autofocus>
            {a('table.stop')}
          </Button>
        )}
        {state === 'stopped' && (
          <Button variant="default" onClick={matching.goOn}>
            {a('table.goOn')}
          </Button>
        )}
        {!isRunning && <Button onClick={matching.forget}>{t('action.close')}</Button>}
      </Group>
    </Modal>
  );
}

function FailureList({ failures }: { failures: Failures }) {
  const a = useAdministrationText();
  const describe = useErrorText();
  return (
    <>
      <Text size="sm" mt="sm" fw={550}>
        {a('table.someFailed', { count: countFailures(failures) })}
      </Text>
      <List size="sm" spacing={4}>
        {failures.map(({ code, message, count, ids }) => (
          <List.Item key={`${code} ${message}`}>
            {a('table.failure', { count, reason: describe({ code, message: message ?? code }) })}{' '}
            {ids.map(id => `#${id}`).join(', ')}
            {count > ids.length && ` ${a('table.others', { count: count - ids.length })}`}
          </List.Item>
        ))}
      </List>
    </>
  );
}
