import { useCallback, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { Proof } from '../sources/proof.ts';

export type SourceAddress = { messageId: number; number: number; occurrence: number };

/**
 * Which source is open is part of the address, as `?source=MESSAGE-NUMBER-OCCURRENCE`: it can be shared, and
 * going back closes it. Closing gives the focus back to what opened it.
 */
export function useSourceAddress() {
  const [parameters, setParameters] = useSearchParams();
  const opener = useRef<HTMLElement>(null);
  const [, messageId, number, occurrence] = /^(\d+)-(\d+)-(\d+)$/.exec(parameters.get('source') ?? '') ?? [];
  const address: SourceAddress | undefined =
    messageId === undefined
      ? undefined
      : { messageId: Number(messageId), number: Number(number), occurrence: Number(occurrence) };
  const isOpen = address !== undefined;
  const open = useCallback(
    (message: number, { number, occurrence }: Pick<Proof, 'number' | 'occurrence'>) => {
      if (document.activeElement instanceof HTMLElement) opener.current = document.activeElement;
      setParameters({ source: `${message}-${number}-${occurrence}` }, { replace: isOpen });
    },
    [setParameters, isOpen],
  );
  const close = useCallback(() => {
    setParameters({}, { replace: true });
    opener.current?.focus();
    opener.current = null;
  }, [setParameters]);
  return { address, open, close };
}
