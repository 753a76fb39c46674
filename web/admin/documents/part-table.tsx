import { type ReactNode, useMemo } from 'react';
import type { z } from 'zod';
import type { chunkRow, passageRow } from '../../../contract/administration/tables.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Column } from '../table/table-view.ts';
import styles from './document-parts.module.css';

type Chunk = z.infer<typeof chunkRow>;
type Passage = z.infer<typeof passageRow>;
type Part = Chunk | Passage;
type KindOfPart = 'chunks' | 'passages';

/** What is known of a part: a column of the table, and a line of its details. */
type Fact = Omit<Column<Part>, 'cell'> & {
  /** Null where there is none. */
  value: (part: Part) => ReactNode;
  /** There is no room for it in the table. */
  isDetail?: boolean;
};

const pathOf = { chunks: 'chunk', passages: 'passage' } as const;
const nameOf = { chunks: 'documents.chunkNumber', passages: 'documents.passageNumber' } as const;

/** The chunks or the passages of a document, in the order of its text. */
export function PartTable({ documentId, of }: { documentId: number; of: KindOfPart }) {
  const a = useAdministrationText();
  const facts = useFacts(of);
  return (
    <DataTable
      label={a(`documents.${of}`)}
      path={`admin/document/${documentId}/${pathOf[of]}/`}
      columns={useColumns(facts)}
      nameOf={({ ordinal }) => a(nameOf[of], { number: ordinal + 1 })}
      standardOrder="asc"
      details={part => (
        <>
          <FactList facts={facts.map(({ label, value }) => [label, value(part)])} />
          <p className={styles.part}>{part.text}</p>
        </>
      )}
    />
  );
}

function useFacts(of: KindOfPart): Fact[] {
  const a = useAdministrationText();
  const { number } = useFormat();
  return useMemo(() => {
    const place: Fact = {
      name: 'place',
      label: a('documents.place'),
      width: '170px',
      isNumber: true,
      isExtra: true,
      value: ({ start, end }) => `${number(start)}–${number(end)}`,
    };
    if (of === 'chunks')
      return [
        {
          name: 'tokens',
          label: a('documents.tokens'),
          width: '90px',
          isNumber: true,
          value: part => ('tokens' in part ? number(part.tokens) : null),
        },
        place,
      ];
    return [
      {
        name: 'page',
        label: a('documents.page'),
        width: '80px',
        isNumber: true,
        value: part => ('page' in part ? part.page : null),
      },
      {
        name: 'headings',
        label: a('documents.headings'),
        width: '240px',
        isExtra: true,
        value: part => ('headings' in part ? part.headings.join(' › ') : null),
      },
      { ...place, isDetail: true },
      {
        name: 'embedded',
        label: a('documents.embedded'),
        width: '110px',
        value: part => ('embedded' in part ? a(part.embedded ? 'word.yes' : 'word.no') : null),
      },
    ];
  }, [of, a, number]);
}

function useColumns(facts: readonly Fact[]): Column<Part>[] {
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
      ...facts
        .filter(({ isDetail }) => !isDetail)
        .map(({ value, ...column }) => ({ ...column, cell: (part: Part) => value(part) ?? '–' })),
    ],
    [a, number, facts],
  );
}
