import { Button, Checkbox, Chip, Group, Popover, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type LecternDocument, useDocuments } from '../../api/documents.ts';
import { useText } from '../../language/language-store.ts';
import { IconChevronDown, IconFilter, IconSearch } from '../../ui/icons.ts';
import styles from '../chat-page.module.css';
import { isWhole, type Scope, wholeScope } from './use-scope.ts';

/** How many are offered at once; the rest is found by name. */
const OFFERED = 40;
const OFFERED_TAGS = 12;

type Props = { scope: Scope; onChange: (scope: Scope) => void };

/** Which documents questions are answered from. */
export default function ScopePicker({ scope, onChange }: Props) {
  const t = useText();
  const [name, setName] = useState('');
  const [searched] = useDebouncedValue(name, 150);
  const { data } = useDocuments({ name: searched, state: 'ready', tag: null });
  const documents = data?.pages[0]?.documents ?? [];
  const isAll = isWhole(scope);
  return (
    <Popover position="top-start" width={330} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="compact-sm"
          h={32}
          variant={isAll ? 'subtle' : 'light'}
          color={isAll ? 'gray' : 'brand'}
          radius="xl"
          leftSection={<IconFilter size={15} stroke={1.8} />}
          rightSection={<IconChevronDown size={14} />}
          fw={500}
          className={styles.scope}
        >
          <span className={styles.scopeName}>{describeScope(scope, t)}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('chat.scope')}>
        <TextInput
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          placeholder={t('chat.scopeFilter')}
          aria-label={t('chat.scopeFilter')}
          leftSection={<IconSearch size={15} />}
          size="sm"
        />
        <Tags
          offered={tagsOf(documents)}
          chosen={scope.tags}
          onChange={tags => onChange({ ...scope, tags })}
        />
        <Documents
          offered={documents.slice(0, OFFERED)}
          chosen={scope.documentIds}
          onChange={documentIds => onChange({ ...scope, documentIds })}
        />
        {!isAll && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(wholeScope)} mt={6}>
            {t('chat.scopeClear')}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function describeScope({ documentIds, tags }: Scope, t: ReturnType<typeof useText>): string {
  const parts = [
    ...tags.map(tag => `#${tag}`),
    ...(documentIds.length > 0 ? [t('chat.scopeSome', { count: documentIds.length })] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : t('chat.scopeAll');
}

const tagsOf = (documents: LecternDocument[]) => [...new Set(documents.flatMap(({ tags }) => tags))].sort();

type TagsProps = { offered: string[]; chosen: string[]; onChange: (tags: string[]) => void };

function Tags({ offered, chosen, onChange }: TagsProps) {
  const t = useText();
  const tags = [...new Set([...chosen, ...offered])].slice(0, Math.max(OFFERED_TAGS, chosen.length));
  if (tags.length === 0) return null;
  return (
    <Chip.Group multiple value={chosen} onChange={onChange}>
      <Group gap={6} mt={8} role="group" aria-label={t('documents.tags')}>
        {tags.map(tag => (
          <Chip key={tag} value={tag} size="xs">
            {tag}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

type DocumentsProps = { offered: LecternDocument[]; chosen: number[]; onChange: (ids: number[]) => void };

function Documents({ offered, chosen, onChange }: DocumentsProps) {
  return (
    <ul className={`${styles.scopeList} scroll`}>
      {offered.map(({ id, title, filename }) => (
        <li key={id}>
          <Checkbox
            size="sm"
            checked={chosen.includes(id)}
            onChange={event =>
              onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter(one => one !== id))
            }
            label={title ?? filename}
            styles={{ label: { overflowWrap: 'anywhere' } }}
          />
        </li>
      ))}
    </ul>
  );
}
