import { UnstyledButton } from '@mantine/core';
import { use } from 'react';
import { useText } from '../../language/language-store.ts';
import { CitationContext } from '../../sources/citation-context.ts';
import styles from './answer.module.css';
import type { AnswerMessage } from './answer.tsx';

/** A card for each source that the answer cites. */
export function AnswerSources({ sources }: { sources: AnswerMessage['sources'] }) {
  const t = useText();
  const { find, open, active } = use(CitationContext);
  return (
    <>
      <h3 className={styles.sourcesHead}>{t('answer.sources', { count: sources.length })}</h3>
      <ul className={styles.sources}>
        {sources.map(({ number, filename, title, page, heading, state }) => (
          <li key={number}>
            <UnstyledButton
              className={styles.source}
              data-active={active?.startsWith(`${number}.`) || undefined}
              onClick={() => {
                const proof = find(number, 0);
                if (proof) open(proof);
              }}
            >
              <span className={styles.number}>{number}</span>
              <span className={styles.sourceText}>
                <b>{title ?? filename}</b>
                <small>
                  {[
                    ...(page === null ? [] : [t('source.page', { page })]),
                    ...(heading === null ? [] : [heading]),
                    ...(state === 'current'
                      ? []
                      : [t(state === 'gone' ? 'source.stateGone' : 'source.stateReplaced')]),
                  ].join(' · ') || t('source.passage')}
                </small>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  );
}
