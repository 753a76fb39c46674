import { ActionIcon, Table, Text, VisuallyHidden } from '@mantine/core';
import { request } from '../api/request.ts';
import { modes } from '../api/search.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { IconTrash } from '../ui/icons.ts';
import { showError, undoable } from '../ui/undoable.tsx';
import type { CaseRanks } from './run-cases.ts';
import { type EvaluationCase, forgetCase, refreshCases } from './use-cases.ts';

/** The stored questions, each with the rank at which every kind of search found its passage. */
export function CaseTable({ cases, ranks }: { cases: EvaluationCase[]; ranks: CaseRanks[] }) {
  const t = useText();
  const describe = useErrorText();
  const remove = ({ id, question }: EvaluationCase) => {
    forgetCase(id);
    void undoable({
      message: t('evaluation.deleted', { question }),
      undoLabel: t('action.undo'),
      commit: () => request(`evaluation/case/${id}/`, { method: 'DELETE' }),
      undo: () => void refreshCases(),
      onError: error => {
        void refreshCases();
        void showError(describe(error));
      },
    });
  };
  return (
    <Table.ScrollContainer minWidth={560} type="native" pos="relative">
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('evaluation.question')}</Table.Th>
            <Table.Th>{t('evaluation.passage')}</Table.Th>
            {modes.map(mode => (
              <Table.Th key={mode}>{t(`search.${mode}`)}</Table.Th>
            ))}
            <Table.Th>
              <VisuallyHidden>{t('action.delete')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map(one => {
            const { id, question, passages } = one;
            const ranked = ranks.find(ranked => ranked.id === id);
            return (
              <Table.Tr key={id}>
                <Table.Td>{question}</Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed" lineClamp={2}>
                    {passages
                      .map(passage => (passage.state === 'gone' ? t('evaluation.gone') : passage.filename))
                      .join(', ')}
                  </Text>
                </Table.Td>
                {modes.map(mode => (
                  <Table.Td key={mode}>{ranked ? (ranked[mode] ?? t('evaluation.missed')) : ''}</Table.Td>
                ))}
                <Table.Td>
                  <ActionIcon onClick={() => remove(one)} aria-label={t('evaluation.delete', { question })}>
                    <IconTrash size={16} stroke={1.7} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
