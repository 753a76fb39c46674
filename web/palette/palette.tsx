import '@mantine/spotlight/styles.layer.css';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAccount } from '../api/accounts.ts';
import { noFilter, useDocuments } from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { useSessions } from '../sessions/use-sessions.ts';
import {
  IconAdjustments,
  IconChartBar,
  IconFiles,
  IconFileText,
  IconFlask,
  IconHeartbeat,
  IconKeyboard,
  IconMessage,
  IconPencilPlus,
  IconSearch,
  IconUser,
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
  const permissions = useAccount().data?.permissions ?? [];
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
      id: 'account',
      label: t('account.title'),
      onClick: to('/account'),
      leftSection: <IconUser {...icon} />,
    },
    ...(permissions.some(one => one === 'manage' || one === 'administer')
      ? [
          {
            id: 'administration',
            label: t('shell.administration'),
            onClick: to('/admin'),
            leftSection: <IconAdjustments {...icon} />,
          },
        ]
      : []),
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
  // A group counts as found, though nothing is in it.
  const groups = [
    { group: t('palette.commands'), actions: matching },
    { group: t('sessions.list'), actions: chats },
    { group: t('shell.documents'), actions: files },
  ].filter(({ actions }) => actions.length > 0);
  useFirstChosen(words.trim() === '' ? '' : groups.flatMap(one => one.actions.map(({ id }) => id)).join());
  return (
    <Spotlight
      shortcut={null}
      query={words}
      onQueryChange={setWords}
      // The server has searched already.
      filter={(_, actions) => actions}
      actions={groups}
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

/**
 * Enter takes the chosen action. Spotlight chooses the first when something is typed, and so none when all that is
 * found comes later, from the server.
 */
function useFirstChosen(found: string): void {
  useEffect(() => {
    if (found === '' || document.querySelector('[data-action][data-selected]')) return;
    document.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  }, [found]);
}
