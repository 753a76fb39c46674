import { ActionIcon, Tooltip } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../../language/language-store.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import { IconInfoCircle, IconQuote, IconRefresh } from '../../ui/icons.ts';
import { VersionSwitch } from '../version-switch.tsx';
import styles from './answer.module.css';
import type { AnswerMessage } from './answer.tsx';
import { Feedback } from './feedback.tsx';
import { withSources } from './with-sources.ts';

const Why = lazy(() => import('./why.tsx'));

type Props = { sessionId: number; message: AnswerMessage; onRetry: (() => void) | undefined };

/** What can be done with an answer. */
export function AnswerActions({ sessionId, message, onRetry }: Props) {
  const t = useText();
  const { id, content, sources, versions, feedback, usage } = message;
  const [isExplained, setIsExplained] = useState(false);
  return (
    <div className={styles.actions}>
      {content !== '' && (
        <>
          <CopyAction text={content} label={t('answer.copy')} />
          {sources.length > 0 && (
            <CopyAction
              text={withSources(content, sources, t)}
              label={t('answer.copyWithSources')}
              icon={<IconQuote size={17} stroke={1.7} />}
            />
          )}
        </>
      )}
      {id !== undefined && content !== '' && (
        <Feedback sessionId={sessionId} messageId={id} feedback={feedback} />
      )}
      {onRetry && (
        <Tooltip label={t('answer.again')}>
          <ActionIcon size={32} onClick={onRetry} aria-label={t('answer.again')}>
            <IconRefresh size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      {id !== undefined && content !== '' && (
        <Tooltip label={t('why.title')}>
          <ActionIcon size={32} onClick={() => setIsExplained(true)} aria-label={t('why.title')}>
            <IconInfoCircle size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      {id !== undefined && isExplained && (
        <Suspense>
          <Why id={id} usage={usage} onClose={() => setIsExplained(false)} />
        </Suspense>
      )}
      {id !== undefined && <VersionSwitch sessionId={sessionId} id={id} versions={versions} />}
    </div>
  );
}
