import { Popover, Text } from '@mantine/core';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { useText } from '../language/language-store.ts';
import { IconFileText } from '../ui/icons.ts';
import styles from './citation.module.css';
import type { Proof } from './proof.ts';

const OPEN_MS = 180;
const CLOSE_MS = 80;

type Shown = { proof: Proof; at: DOMRect };

/** One preview card for all citations: a card for each of 90 citations made the page three times slower. */
export function usePreview() {
  const [shown, setShown] = useState<Shown>();
  const timer = useRef(0);
  const preview = useCallback((proof?: Proof, element?: HTMLElement) => {
    clearTimeout(timer.current);
    const next = proof && element ? { proof, at: element.getBoundingClientRect() } : undefined;
    timer.current = window.setTimeout(() => setShown(next), next ? OPEN_MS : CLOSE_MS);
  }, []);
  return { preview, card: shown && <PreviewCard {...shown} /> };
}

function PreviewCard({ proof, at }: Shown): ReactNode {
  const t = useText();
  const { left, top, width, height } = at;
  return (
    <Popover
      opened
      width={340}
      shadow="md"
      position="top"
      withinPortal
      radius="lg"
      trapFocus={false}
      transitionProps={{ duration: 90 }}
    >
      <Popover.Target>
        <div style={{ position: 'fixed', left, top, width, height, pointerEvents: 'none' }} />
      </Popover.Target>
      <Popover.Dropdown p="sm" role="tooltip" aria-label={proof.filename} className={styles.preview}>
        <div className={styles.previewName}>
          <IconFileText size={15} stroke={1.7} />
          <Text size="sm" fw={600} truncate>
            {proof.filename}
          </Text>
        </div>
        <Text size="xs" c="dimmed" lineClamp={5}>
          {proof.quote}
        </Text>
        {proof.page !== null && (
          <Text size="xs" c="dimmed" mt={6}>
            {t('source.page', { page: proof.page })}
          </Text>
        )}
        {proof.verified === false && (
          <Text size="xs" className={styles.unverified}>
            {t('source.unverified')}
          </Text>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
