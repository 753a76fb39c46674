import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { IconDownload, IconSearch } from '../../ui/icons.ts';
import { TypedField } from '../../ui/typed-field.tsx';
import styles from './table.module.css';
import type { Filter } from './table-view.ts';
import type { TableAddress } from './use-table-address.ts';

type Props = {
  address: TableAddress;
  filters: readonly Filter[];
  /** What is looked for in; without it there is no search. */
  searchHint?: string | undefined;
  exportUrl?: string | undefined;
  /** What else there is to do, before the download. */
  children?: ReactNode;
};

/** Search, filters and download of a table. */
export function TableTools({ address, filters, searchHint, exportUrl, children }: Props) {
  const a = useAdministrationText();
  return (
    <search className={styles.tools}>
      {searchHint !== undefined && (
        <TypedField
          size="xs"
          label={a('table.search')}
          placeholder={searchHint}
          value={address.value('q')}
          onChange={q => address.set({ q })}
          leftSection={<IconSearch size={15} stroke={1.7} />}
          className={styles.search}
        />
      )}
      {filters.map(filter => (
        <FilterField
          key={filter.name}
          filter={filter}
          value={address.value(filter.name)}
          onChange={value => address.set({ [filter.name]: value })}
        />
      ))}
      <div className={styles.toolsEnd}>
        {children}
        {exportUrl !== undefined && (
          <Button
            component="a"
            href={exportUrl}
            download
            title={a('table.csvHint')}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} stroke={1.7} />}
          >
            {a('table.csv')}
          </Button>
        )}
      </div>
    </search>
  );
}

type FieldProps = { filter: Filter; value: string; onChange: (value: string) => void };

function FilterField({ filter, value, onChange }: FieldProps) {
  const a = useAdministrationText();
  if (filter.kind === 'choice')
    return (
      <NativeSelect
        size="xs"
        label={filter.label}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        data={[{ value: '', label: a('table.all') }, ...filter.choices]}
        className={styles.choice}
      />
    );
  if (filter.kind === 'from' || filter.kind === 'to')
    return (
      <TextInput
        size="xs"
        type="date"
        label={filter.label}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        className={styles.choice}
      />
    );
  return (
    <TypedField size="xs" label={filter.label} value={value} onChange={onChange} className={styles.choice} />
  );
}
