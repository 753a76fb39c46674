import { ActionIcon, Menu } from '@mantine/core';
import { lazy, Suspense, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';
import { apiUrl } from '../api/root-path.ts';
import { refreshSessions, type SessionSummary, sessionKey } from '../api/sessions.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { focusNeighbour } from '../shell/focus-neighbour.ts';
import { IconDots, IconDownload, IconPencil, IconPin, IconPinnedOff, IconTrash } from '../ui/icons.ts';
import { showError, undoable } from '../ui/undoable.tsx';
import { forgetSession } from './forget-session.ts';
import styles from './session-list.module.css';

const RenameDialog = lazy(() => import('./rename-dialog.tsx'));

/** What can be done with a chat. */
export function SessionMenu({ session, title }: { session: SessionSummary; title: string }) {
  const t = useText();
  const [isRenaming, setIsRenaming] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { change, remove } = useSessionChanges(session.id, title);
  const exportUrl = (format: string) => apiUrl(`session/${session.id}/export/?format=${format}`);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            ref={opener}
            size={26}
            className={styles.more}
            aria-label={t('sessions.options', { title })}
          >
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setIsRenaming(true)}>
            {t('sessions.rename')}
          </Menu.Item>
          <Menu.Item
            leftSection={session.pinned ? <IconPinnedOff size={15} /> : <IconPin size={15} />}
            onClick={() => change({ pinned: !session.pinned })}
          >
            {t(session.pinned ? 'sessions.unpin' : 'sessions.pin')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={15} />}
            component="a"
            href={exportUrl('markdown')}
            download
          >
            {t('sessions.exportMarkdown')}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={15} />} component="a" href={exportUrl('json')} download>
            {t('sessions.exportJson')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            c="var(--bad)"
            leftSection={<IconTrash size={15} />}
            onClick={() => {
              focusNeighbour(opener.current);
              remove();
            }}
          >
            {t('action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isRenaming && (
        <Suspense>
          <RenameDialog
            title={title}
            onClose={() => setIsRenaming(false)}
            onSave={next => {
              setIsRenaming(false);
              change({ title: next });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function useSessionChanges(id: number, title: string) {
  const t = useText();
  const describe = useErrorText();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const onError = (error: unknown) => {
    void refreshSessions();
    void showError(describe(error));
  };
  const change = (changes: { title?: string; pinned?: boolean }) =>
    void request(`session/${id}/`, { method: 'PATCH', body: changes }).then(() => {
      void refreshSessions();
      void queryClient.invalidateQueries({ queryKey: sessionKey(id) });
    }, onError);
  const remove = () => {
    forgetSession(id);
    if (pathname === `/chat/${id}`) void navigate('/');
    void undoable({
      message: t('sessions.deleted', { title }),
      undoLabel: t('action.undo'),
      commit: () => request(`session/${id}/`, { method: 'DELETE' }),
      undo: () => void refreshSessions(),
      onError,
    });
  };
  return { change, remove };
}
