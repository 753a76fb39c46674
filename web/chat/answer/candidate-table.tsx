import { Table } from '@mantine/core';
import type { AnswerTrace } from '../../../contract/trace.ts';
import { useText } from '../../language/language-store.ts';
import { useFormat } from '../../language/use-format.ts';

/** What was found, with the parts of its score, and why it was not read. */
export function CandidateTable({ candidates }: { candidates: AnswerTrace['candidates'] }) {
  const t = useText();
  const { number } = useFormat();
  return (
    <Table.ScrollContainer minWidth={480} type="native">
      <Table verticalSpacing={5} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('why.passage')}</Table.Th>
            <Table.Th>{t('why.score')}</Table.Th>
            <Table.Th>{t('score.vector')}</Table.Th>
            <Table.Th>{t('score.lexical')}</Table.Th>
            <Table.Th>{t('why.fate')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {candidates.map(({ passage_id, score, scores, chosen, left_out }) => (
            <Table.Tr key={passage_id} fw={chosen ? 560 : 400}>
              <Table.Td>{passage_id}</Table.Td>
              <Table.Td>{number(score)}</Table.Td>
              <Table.Td>{scores.vector === null ? '–' : number(scores.vector)}</Table.Td>
              <Table.Td>{number(scores.lexical)}</Table.Td>
              <Table.Td>{left_out === null ? t('why.chosen') : t(`leftOut.${left_out}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
