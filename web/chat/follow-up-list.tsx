import { UnstyledButton } from '@mantine/core';
import { useFollowUps } from '../api/follow-ups.ts';
import { useText } from '../language/language-store.ts';
import { IconCornerDownRight } from '../ui/icons.ts';
import styles from './chat-page.module.css';

type Props = { messageId: number; onAsk: (question: string) => void };

/** Questions to go on with, from the documents that the answer cites. Nothing where there are none. */
export function FollowUpList({ messageId, onAsk }: Props) {
  const t = useText();
  const { data } = useFollowUps(messageId);
  if (!data || data.questions.length === 0) return null;
  return (
    <section className={styles.followUps} aria-label={t('chat.followUps')}>
      <h2 className={styles.followUpsHead}>{t('chat.followUps')}</h2>
      <ul>
        {data.questions.map(({ question }) => (
          <li key={question}>
            <UnstyledButton className={styles.followUp} onClick={() => onAsk(question)}>
              <IconCornerDownRight size={16} stroke={1.7} />
              {question}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
