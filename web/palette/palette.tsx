import '@mantine/spotlight/styles.layer.css';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { noFilter, useDocuments } from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { useSessions } from '../sessions/use-sessions.ts';
import {
  IconChartBar,
  IconFiles,
  IconFileText,
  IconFlask,
  IconHeartbeat,
  IconKeyboard,
  IconMessage,
  IconPencilPlus,
  IconSearch,
} from '../ui/icons.ts';

const FOUND = 7;
const icon = { size: 19, stroke: 1.6 };

/** Everything by typing: chats, documents, and what can be done. */
export default function Palette({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const sessions = useSessions(words.trim());
  const documents = useDocuments({ ...noFilter, name: words.trim() });
  const to = (path: string) => () => void navigate(path);
  const commands: SpotlightActionData[] = [
    { id: 'new', label: t('shell.newChat'), onClick: to('/'), leftSection: <IconPencilPlus {...icon} /> },
    {
      id: 'documents',
      label: t('shell.documents'),
      onClick: to('/documents'),
      leftSection: <IconFiles {...icon} />,
    },
    { id: 'search', label: t('search.title'), onClick: to('/search'), leftSection: <IconFlask {...icon} /> },
    {
      id: 'evaluation',
      label: t('evaluation.title'),
      onClick: to('/evaluation'),
      leftSection: <IconChartBar {...icon} />,
    },
    {
      id: 'system',
      label: t('system.title'),
      onClick: to('/system'),
      leftSection: <IconHeartbeat {...icon} />,
    },
    {
      id: 'shortcuts',
      label: t('shortcuts.title'),
      onClick: onShortcuts,
      leftSection: <IconKeyboard {...icon} />,
    },
  ];
  const matching = commands.filter(({ label }) => label?.toLowerCase().includes(words.trim().toLowerCase()));
  const chats = (sessions.data?.pages[0]?.sessions ?? [])
    .filter(({ message_count }) => message_count > 0)
    .slice(0, FOUND)
    .map(({ id, title }) => ({
      id: `chat-${id}`,
      label: title ?? t('chat.title'),
      onClick: to(`/chat/${id}`),
      leftSection: <IconMessage {...icon} />,
    }));
  const files = (documents.data?.pages[0]?.documents ?? [])
    .slice(0, FOUND)
    .map(({ id, title, filename }) => ({
      id: `document-${id}`,
      label: title ?? filename,
      onClick: to(`/documents/${id}`),
      leftSection: <IconFileText {...icon} />,
    }));
  return (
    <Spotlight
      shortcut={null}
      query={words}
      onQueryChange={setWords}
      // The server has searched already.
      filter={(_, actions) => actions}
      // A group counts as found, though nothing is in it.
      actions={[
        { group: t('palette.commands'), actions: matching },
        { group: t('sessions.list'), actions: chats },
        { group: t('shell.documents'), actions: files },
      ].filter(({ actions }) => actions.length > 0)}
      nothingFound={t('palette.nothing')}
      searchProps={{
        leftSection: <IconSearch size={19} stroke={1.6} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
      attributes={{ content: { 'aria-label': t('palette.title') } }}
      overlayProps={{ blur: 2, backgroundOpacity: 0.4 }}
      scrollable
      maxHeight={440}
      clearQueryOnClose
    />
  );
}
