import { ActionIcon } from '@mantine/core';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';
import { sessionKey } from '../api/sessions.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { IconChevronLeft, IconChevronRight } from '../ui/icons.ts';
import { showError } from '../ui/undoable.tsx';
import styles from './chat-page.module.css';

type Props = { sessionId: number; id: number; versions: number[] };

/** Goes through the versions of a question or an answer, each with what followed it. */
export function VersionSwitch({ sessionId, id, versions }: Props) {
  const t = useText();
  const describe = useErrorText();
  const at = versions.indexOf(id);
  if (versions.length < 2 || at < 0) return null;
  const show = async (version: number | undefined) => {
    if (version === undefined) return;
    try {
      await request(`session/${sessionId}/`, { method: 'PATCH', body: { active_message_id: version } });
      await queryClient.invalidateQueries({ queryKey: sessionKey(sessionId) });
    } catch (error) {
      await showError(describe(error));
    }
  };
  return (
    <span className={styles.versions}>
      <ActionIcon
        size={26}
        disabled={at === 0}
        onClick={() => show(versions[at - 1])}
        aria-label={t('versions.previous')}
      >
        <IconChevronLeft size={15} />
      </ActionIcon>
      <span>{t('versions.of', { number: at + 1, count: versions.length })}</span>
      <ActionIcon
        size={26}
        disabled={at === versions.length - 1}
        onClick={() => show(versions[at + 1])}
        aria-label={t('versions.next')}
      >
        <IconChevronRight size={15} />
      </ActionIcon>
    </span>
  );
}
