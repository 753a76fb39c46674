import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { whenIdle } from './when-idle.ts';

/** Messages that are shown at once: more than fit on a screen. */
const FIRST = 12;
/** Messages that are added above them in one go; each takes a millisecond or two. */
const STEP = 4;

/**
 * From which message on a conversation is shown. One that was just opened begins with its last messages, where
 * people read on; those before are added while nothing else is to do, without moving what is seen.
 *
 * @param loaded whether the messages are there.
 */
export function useGradualStart(
  scroller: RefObject<HTMLElement | null>,
  { count, loaded }: { count: number; loaded: boolean },
): number {
  const [begun, setBegun] = useState<number>();
  const end = Math.max(0, count - FIRST);
  if (loaded && begun === undefined) setBegun(end);
  const start = Math.min(begun ?? end, end);
  useEffect(() => {
    if (!loaded || start === 0) return;
    return whenIdle(() => {
      const outer = scroller.current;
      const fromEnd = outer ? outer.scrollHeight - outer.scrollTop : 0;
      flushSync(() => setBegun(Math.max(0, start - STEP)));
      if (outer) outer.scrollTop = outer.scrollHeight - fromEnd;
    });
  }, [scroller, loaded, start]);
  return start;
}
