import { useMemo } from 'react';
import type { z } from 'zod';
import type { passageRow } from '../../../contract/administration/tables.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Column } from '../table/table-view.ts';
import styles from './document-parts.module.css';

type Passage = z.infer<typeof passageRow>;

export function PassageTable({ documentId }: { documentId: number }) {
  const a = useAdministrationText();
  return (
    <DataTable
      label={a('documents.passages')}
      path={`admin/document/${documentId}/passage/`}
      columns={useColumns()}
      nameOf={({ ordinal }) => a('documents.passageNumber', { number: ordinal + 1 })}
      standardOrder="asc"
      details={passage => <Details passage={passage} />}
    />
  );
}

function useColumns(): Column<Passage>[] {
  const a = useAdministrationText();
  const { number } = useFormat();
  return useMemo(
    () => [
      {
        name: 'text',
        label: a('documents.text'),
        onPhone: true,
        cell: ({ id, text }) => <OpenLink id={id} text={text} />,
      },
      {
        name: 'ordinal',
        label: a('table.number'),
        width: '90px',
        isNumber: true,
        onPhone: true,
        cell: ({ ordinal }) => number(ordinal + 1),
      },
      {
        name: 'page',
        label: a('documents.page'),
        width: '80px',
        isNumber: true,
        cell: ({ page }) => page ?? '–',
      },
      {
        name: 'headings',
        label: a('documents.headings'),
        width: '240px',
        isExtra: true,
        cell: ({ headings }) => headings.join(' › '),
      },
      {
        name: 'embedded',
        label: a('documents.embedded'),
        width: '110px',
        cell: ({ embedded }) => a(embedded ? 'word.yes' : 'word.no'),
      },
    ],
    [a, number],
  );
}

function Details({ passage }: { passage: Passage }) {
  const a = useAdministrationText();
  const { number } = useFormat();
  return (
    <>
      <FactList
        facts={[
          [a('documents.headings'), passage.headings.join(' › ')],
          [a('documents.page'), passage.page],
          [a('documents.place'), `${number(passage.start)}–${number(passage.end)}`],
          [a('documents.embedded'), a(passage.embedded ? 'word.yes' : 'word.no')],
        ]}
      />
      <p className={styles.part}>{passage.text}</p>
    </>
  );
}
