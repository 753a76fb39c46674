import { useText } from '../../language/language-store.ts';
import type { LiveAnswer } from '../streaming/live-answer.ts';
import styles from './answer.module.css';

/** What is being done, as the server says it; nothing once the text comes. */
export function StageLine({ live }: { live: LiveAnswer }) {
  const stage = useStageText(live);
  if (stage === '') return null;
  return (
    <p className={styles.stage}>
      <span>{stage}</span>
    </p>
  );
}

function useStageText(live: LiveAnswer): string {
  const t = useText();
  const { phase, searchedDocuments, readPassages, isReconnecting, content } = live;
  if (isReconnecting) return t('stage.reconnecting');
  if (phase === 'waiting') return t('stage.waiting');
  if (phase === 'searching')
    return searchedDocuments === undefined
      ? t('stage.searching')
      : t('stage.searchingCount', { count: searchedDocuments });
  if (phase === 'reading')
    return readPassages === undefined ? t('stage.reading') : t('stage.readingCount', { count: readPassages });
  return phase === 'writing' && content === '' ? t('stage.writing') : '';
}
