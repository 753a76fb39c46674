import { type RefObject, useEffect, useRef } from 'react';

/** Puts the focus into a field as soon as it is shown: where what had it before is gone. */
export function useFirstFocus<Field extends HTMLElement>(): RefObject<Field | null> {
  const field = useRef<Field>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
