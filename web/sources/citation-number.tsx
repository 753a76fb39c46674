import { use } from 'react';
import { useText } from '../language/language-store.ts';
import styles from './citation.module.css';
import { CitationContext } from './citation-context.ts';

/** [n] in an answer: previews its source, and opens it. */
export function CitationNumber({ number, occurrence }: { number: number; occurrence: number }) {
  const t = useText();
  const { find, open, preview, active } = use(CitationContext);
  const proof = find(number, occurrence);
  if (!proof) return null; // A number without a source is never shown as one.
  const isUnverified = proof.verified === false;
  const place =
    proof.page === null ? proof.filename : t('source.onPage', { name: proof.filename, page: proof.page });
  return (
    <button
      type="button"
      className={styles.citation}
      data-active={active === `${number}.${occurrence}` || undefined}
      data-unverified={isUnverified || undefined}
      onClick={() => {
        preview();
        open(proof);
      }}
      onPointerEnter={event => event.pointerType === 'mouse' && preview(proof, event.currentTarget)}
      onPointerLeave={() => preview()}
      onFocus={event => event.currentTarget.matches(':focus-visible') && preview(proof, event.currentTarget)}
      onBlur={() => preview()}
      aria-label={t(isUnverified ? 'source.unverifiedLabel' : 'source.label', { number, place })}
    >
      {number}
    </button>
  );
}
