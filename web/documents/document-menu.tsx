import { ActionIcon, Menu } from '@mantine/core';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { forgetDocument, type LecternDocument, refreshDocuments } from '../api/documents.ts';
import { request } from '../api/request.ts';
import { apiUrl } from '../api/root-path.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { focusNeighbour } from '../shell/focus-neighbour.ts';
import { IconDots, IconDownload, IconMessage, IconRefresh, IconReplace, IconTrash } from '../ui/icons.ts';
import { showError, undoable } from '../ui/undoable.tsx';
import { FileButton } from '../uploads/file-button.tsx';
import { addUploads } from '../uploads/upload-queue.ts';
import { nameOf } from './use-ordered-documents.ts';

/** What can be done with a document. */
export function DocumentMenu({ document, onDeleted }: { document: LecternDocument; onDeleted?: () => void }) {
  const t = useText();
  const describe = useErrorText();
  const navigate = useNavigate();
  const { id } = document;
  const name = nameOf(document);
  const onError = (error: unknown) => {
    void refreshDocuments();
    void showError(describe(error));
  };
  const opener = useRef<HTMLButtonElement>(null);
  const remove = () => {
    focusNeighbour(opener.current);
    forgetDocument(id);
    onDeleted?.();
    void undoable({
      message: t('documents.deleted', { name }),
      undoLabel: t('action.undo'),
      commit: () => request(`document/${id}/`, { method: 'DELETE' }),
      undo: () => void refreshDocuments(),
      onError,
    });
  };
  const reprocess = () => void request(`document/${id}/reprocess/`, { method: 'POST' }).catch(onError);
  return (
    <FileButton
      label={t('documents.chooseReplacement', { name })}
      onFiles={files => addUploads(files, { replaces: id })}
      isSingle
    >
      {choose => (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon ref={opener} size={32} aria-label={t('documents.options', { name })}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconMessage size={15} />}
              disabled={document.state !== 'ready'}
              onClick={() => void navigate(`/?document=${id}`)}
            >
              {t('documents.ask')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconDownload size={15} />}
              component="a"
              href={apiUrl(`document/${id}/file/`)}
              download
            >
              {t('action.download')}
            </Menu.Item>
            <Menu.Item leftSection={<IconReplace size={15} />} onClick={choose}>
              {t('documents.replace')}
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh size={15} />} onClick={reprocess}>
              {t('documents.reprocess')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item c="var(--bad)" leftSection={<IconTrash size={15} />} onClick={remove}>
              {t('action.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </FileButton>
  );
}
