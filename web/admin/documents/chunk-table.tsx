import { useMemo } from 'react';
import type { z } from 'zod';
import type { chunkRow } from '../../../contract/administration/tables.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { FactList } from '../row/fact-list.tsx';
import { OpenLink } from '../row/open-link.tsx';
import { DataTable } from '../table/data-table.tsx';
import type { Column } from '../table/table-view.ts';
import styles from './document-parts.module.css';

type Chunk = z.infer<typeof chunkRow>;

export function ChunkTable({ documentId }: { documentId: number }) {
  const a = useAdministrationText();
  return (
    <DataTable
      label={a('documents.chunks')}
      path={`admin/document/${documentId}/chunk/`}
      columns={useColumns()}
      nameOf={({ ordinal }) => a('documents.chunkNumber', { number: ordinal + 1 })}
      standardOrder="asc"
      details={chunk => <Details chunk={chunk} />}
    />
  );
}

function useColumns(): Column<Chunk>[] {
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
        name: 'tokens',
        label: a('documents.tokens'),
        width: '90px',
        isNumber: true,
        cell: ({ tokens }) => number(tokens),
      },
      {
        name: 'place',
        label: a('documents.place'),
        width: '170px',
        isNumber: true,
        isExtra: true,
        cell: ({ start, end }) => `${number(start)}–${number(end)}`,
      },
    ],
    [a, number],
  );
}

function Details({ chunk }: { chunk: Chunk }) {
  const a = useAdministrationText();
  const { number } = useFormat();
  return (
    <>
      <FactList
        facts={[
          [a('documents.tokens'), number(chunk.tokens)],
          [a('documents.place'), `${number(chunk.start)}–${number(chunk.end)}`],
        ]}
      />
      <p className={styles.part}>{chunk.text}</p>
    </>
  );
}
