import { Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { noFilter, useDocuments } from '../../api/documents.ts';
import { useText } from '../../language/language-store.ts';
import { Logo } from '../../ui/logo.tsx';
import styles from '../chat-page.module.css';
import { Composer } from './composer.tsx';
import { ComposerTools } from './composer-tools.tsx';
import { FirstChoices } from './first-choices.tsx';
import { Starters } from './starters.tsx';
import { type Scope, useScope, wholeScope } from './use-scope.ts';

type Props = { onAsk: (message: string, scope: Scope) => Promise<void>; failure: ReactNode };

/** Where a chat begins; with no documents yet, two ways to get some. */
export function NewChat({ onAsk, failure }: Props) {
  const t = useText();
  const [parameters] = useSearchParams();
  const wanted = Number(parameters.get('document'));
  const [scope, setScope] = useScope(
    'new',
    wanted > 0 ? { ...wholeScope, documentIds: [wanted] } : wholeScope,
  );
  const [isAsking, setIsAsking] = useState(false);
  const documents = useDocuments(noFilter);
  const first = documents.data?.pages[0];
  const count = first?.documents.length ?? 0;
  const ask = (message: string) => {
    setIsAsking(true);
    void onAsk(message, scope).finally(() => setIsAsking(false));
  };
  return (
    <div className={styles.chat} data-empty>
      <div className={styles.hero}>
        <Logo size={46} />
        <Text component="h1" className={styles.heroTitle}>
          {t('chat.heroTitle')}
        </Text>
        <Text c="dimmed" ta="center" mih={25}>
          {first &&
            (count === 0
              ? t('chat.heroNone')
              : first.next_cursor === null
                ? t('chat.heroCount', { count })
                : t('chat.heroMany'))}
        </Text>
      </div>
      <div className={styles.dock}>
        {failure}
        <Composer
          draftKey="new"
          isBusy={isAsking}
          isStopping={isAsking}
          onSend={ask}
          onStop={() => {}}
          tools={<ComposerTools chat="new" scope={scope} onScope={setScope} />}
        />
        {first ? (
          count === 0 ? (
            <FirstChoices />
          ) : (
            <Starters documents={first.documents} onAsk={ask} />
          )
        ) : (
          <div className={styles.choices} />
        )}
      </div>
    </div>
  );
}
