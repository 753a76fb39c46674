import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useDocuments } from '../../api/documents.ts';
import { useText } from '../../language/language-store.ts';
import { IconChevronDown, IconFilter, IconSearch } from '../../ui/icons.ts';
import styles from '../chat-page.module.css';

/** How many are offered at once; the rest is found by name. */
const OFFERED = 40;

type Props = { chosen: number[]; onChange: (ids: number[]) => void };

/** Which documents questions are answered from. */
export default function ScopePicker({ chosen, onChange }: Props) {
  const t = useText();
  const [name, setName] = useState('');
  const [searched] = useDebouncedValue(name, 150);
  const { data } = useDocuments({ name: searched, state: 'ready', tag: null });
  const documents = data?.pages[0]?.documents.slice(0, OFFERED) ?? [];
  const label = chosen.length === 0 ? t('chat.scopeAll') : t('chat.scopeSome', { count: chosen.length });
  return (
    <Popover position="top-start" width={330} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="compact-sm"
          h={32}
          variant={chosen.length === 0 ? 'subtle' : 'light'}
          color={chosen.length === 0 ? 'gray' : 'brand'}
          radius="xl"
          leftSection={<IconFilter size={15} stroke={1.8} />}
          rightSection={<IconChevronDown size={14} />}
          fw={500}
        >
          {label}
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
        <ul className={`${styles.scopeList} scroll`}>
          {documents.map(({ id, title, filename }) => (
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
        {chosen.length > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange([])} mt={6}>
            {t('chat.scopeClear')}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
