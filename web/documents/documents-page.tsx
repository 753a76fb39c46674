import { Button, Menu, Select, Title } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import {
  type DocumentFilter,
  type LecternDocument,
  useDocumentEvents,
  useDocuments,
} from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconChevronDown, IconCloudUpload, IconFile, IconLink, IconPencil, IconSearch } from '../ui/icons.ts';
import { TypedField } from '../ui/typed-field.tsx';
import { useAddressParameters } from '../ui/use-address-parameters.ts';
import { FileButton } from '../uploads/file-button.tsx';
import { addUploads } from '../uploads/upload-queue.ts';
import { AddSource, type SourceKind } from './add-source.tsx';
import { DocumentList } from './document-list.tsx';
import styles from './documents.module.css';
import { type DocumentOrder, useOrderedDocuments } from './use-ordered-documents.ts';

/** Everything answers are drawn from. */
export default function DocumentsPage() {
  const t = useText();
  usePageTitle(t('documents.title'));
  const { filter, order, change } = useView();
  const query = useDocuments(filter);
  useDocumentEvents(true);
  const { documents, isSorting } = useOrderedDocuments(query, order);
  const isFiltered = filter.name !== '' || filter.state !== null || filter.tag !== null;
  const tags = useTags(documents, filter.tag);
  const isEmpty = query.isSuccess && documents.length === 0 && !isFiltered && !isSorting;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Title order={1} className={styles.title}>
          {t('documents.title')}
        </Title>
        <AddDocuments />
      </div>
      {!isEmpty && (
        <div className={styles.filters}>
          <TypedField
            value={filter.name}
            onChange={name => change({ name })}
            placeholder={t('documents.filter')}
            aria-label={t('documents.filter')}
            leftSection={<IconSearch size={16} stroke={1.7} />}
            className={styles.search}
          />
          <Select
            value={filter.state}
            onChange={state => change({ state })}
            data={(['ready', 'queued', 'reading', 'indexing', 'failed'] as const).map(state => ({
              value: state,
              label: t(`state.${state}`),
            }))}
            placeholder={t('documents.allStates')}
            aria-label={t('documents.state')}
            clearable
            className={styles.choice}
          />
          {tags.length > 0 && (
            <Select
              value={filter.tag}
              onChange={tag => change({ tag })}
              data={tags}
              placeholder={t('documents.allTags')}
              aria-label={t('documents.tagChoice')}
              clearable
              searchable
              className={styles.choice}
            />
          )}
          <Select
            value={order}
            onChange={value => change({ order: value === 'newest' ? null : value })}
            data={(['newest', 'name', 'size'] as const).map(value => ({
              value,
              label: t(`documents.order.${value}`),
            }))}
            aria-label={t('documents.order')}
            allowDeselect={false}
            className={styles.choice}
          />
        </div>
      )}
      {query.isError && <ErrorNote error={query.error} onRetry={() => query.refetch()} />}
      <DocumentList
        documents={documents}
        isLoading={query.isLoading || isSorting}
        isEmpty={isEmpty}
        onEnd={() => query.hasNextPage && !query.isFetching && query.fetchNextPage()}
        onTag={tag => change({ tag })}
      />
    </div>
  );
}

/** The tags of what has been loaded, and the one that is chosen. */
function useTags(documents: LecternDocument[], chosen: string | null): string[] {
  const known = useRef(new Set<string>());
  return useMemo(() => {
    for (const tag of documents.flatMap(document => document.tags)) known.current.add(tag);
    if (chosen !== null) known.current.add(chosen);
    return [...known.current].sort((one, other) => one.localeCompare(other));
  }, [documents, chosen]);
}

/** What is shown is part of the address. */
function useView() {
  const [parameters, change] = useAddressParameters();
  const [name, state, tag] = [parameters.get('name') ?? '', parameters.get('state'), parameters.get('tag')];
  const filter: DocumentFilter = useMemo(() => ({ name, state, tag }), [name, state, tag]);
  const order = (parameters.get('order') ?? 'newest') as DocumentOrder;
  return { filter, order, change };
}

function AddDocuments() {
  const t = useText();
  const [kind, setKind] = useState<SourceKind>();
  return (
    <div className={styles.add}>
      <FileButton label={t('documents.chooseFiles')} onFiles={addUploads}>
        {choose => (
          <Button
            onClick={choose}
            leftSection={<IconCloudUpload size={18} stroke={1.7} />}
            className={styles.addMain}
          >
            {t('documents.add')}
          </Button>
        )}
      </FileButton>
      <FileButton label={t('documents.chooseFolder')} onFiles={addUploads} isFolder>
        {chooseFolder => (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button px={8} aria-label={t('documents.addOther')} className={styles.addMore}>
                <IconChevronDown size={17} stroke={2} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconFile size={16} />} onClick={chooseFolder}>
                {t('documents.folder')}
              </Menu.Item>
              <Menu.Item leftSection={<IconLink size={16} />} onClick={() => setKind('url')}>
                {t('documents.url')}
              </Menu.Item>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setKind('note')}>
                {t('documents.note')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </FileButton>
      <AddSource kind={kind} onClose={() => setKind(undefined)} />
    </div>
  );
}
