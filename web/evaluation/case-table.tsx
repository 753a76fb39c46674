import { ActionIcon, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';
import { modes } from '../api/search.ts';
import { useText } from '../language/language-store.ts';
import { IconTrash } from '../ui/icons.ts';
import type { CaseRanks } from './run-cases.ts';
import type { EvaluationCase } from './use-cases.ts';

/** The stored questions, each with the rank at which every kind of search found its passage. */
export function CaseTable({ cases, ranks }: { cases: EvaluationCase[]; ranks: CaseRanks[] }) {
  const t = useText();
  const remove = useMutation({
    mutationFn: (id: number) => request(`evaluation/case/${id}/`, { method: 'DELETE' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['evaluation-cases'] }),
  });
  return (
    <Table.ScrollContainer minWidth={560} type="native">
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
          {cases.map(({ id, question, passages }) => {
            const ranked = ranks.find(one => one.id === id);
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
                  <ActionIcon
                    onClick={() => remove.mutate(id)}
                    aria-label={t('evaluation.delete', { question })}
                  >
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
