import { Table } from '@mantine/core';
import { Link } from 'react-router';
import type { AnswerTrace } from '../../../contract/trace.ts';
import { useText } from '../../language/language-store.ts';
import { useFormat } from '../../language/use-format.ts';
import styles from './why.module.css';

type Candidate = AnswerTrace['candidates'][number];

/** What was found, with the parts of its score, and why it was not read. */
export function CandidateTable({ candidates }: { candidates: Candidate[] }) {
  const t = useText();
  const { number } = useFormat();
  return (
    <Table.ScrollContainer minWidth={540} type="native">
      <Table verticalSpacing={7} fz="sm" className={styles.candidates}>
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
          {candidates.map(candidate => {
            const { passage_id, score, scores, chosen, left_out } = candidate;
            return (
              <Table.Tr key={passage_id} data-chosen={chosen || undefined}>
                <Table.Td>
                  <Passage candidate={candidate} />
                </Table.Td>
                <Table.Td>{number(score)}</Table.Td>
                <Table.Td>{scores.vector === null ? '–' : number(scores.vector)}</Table.Td>
                <Table.Td>{number(scores.lexical)}</Table.Td>
                <Table.Td>{left_out === null ? t('why.chosen') : t(`leftOut.${left_out}`)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Where it stands and how it begins. */
function Passage({ candidate: { passage } }: { candidate: Candidate }) {
  const t = useText();
  if (!passage) return <small className={styles.gone}>{t('why.gone')}</small>;
  const { document_id, filename, title, start, end, text } = passage;
  return (
    <>
      <Link to={`/documents/${document_id}?from=${start}&to=${end}`} className={styles.passageName}>
        {title ?? filename}
      </Link>
      <small className={styles.passageText}>{text}</small>
    </>
  );
}
