import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the end at which one is still there. */
const AT_END = 24;
/** Pixels from the end from which a way back is offered. */
const FAR = 160;
/** A touch that becomes a scroll is cancelled. */
const released = ['pointerup', 'pointercancel'] as const;

/**
 * Keeps the view at the end while text comes, until the reader scrolls up. It waits while something is pressed: what
 * moves away from under the pointer is not clicked.
 */
export function useStickToEnd(conversation: unknown) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isStuck = useRef(true);
  const [isAway, setIsAway] = useState(false);
  const toEnd = useCallback((behavior: ScrollBehavior = 'instant') => {
    isStuck.current = true;
    setIsAway(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior });
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation begins at its end.
  useLayoutEffect(() => toEnd(), [conversation, toEnd]);
  useEffect(() => {
    const outer = scroller.current;
    const inner = content.current;
    if (!outer || !inner) return;
    let isPressed = false;
    const follow = () => {
      if (isStuck.current && !isPressed) outer.scrollTop = outer.scrollHeight;
    };
    const observer = new ResizeObserver(follow);
    observer.observe(inner);
    observer.observe(outer);
    const press = ({ button }: PointerEvent) => {
      isPressed = button === 0;
    };
    const release = () => {
      if (!isPressed) return;
      isPressed = false;
      setTimeout(follow); // After the click.
    };
    outer.addEventListener('pointerdown', press);
    for (const type of released) window.addEventListener(type, release);
    let last = outer.scrollTop;
    const onScroll = () => {
      const gap = outer.scrollHeight - outer.scrollTop - outer.clientHeight;
      if (outer.scrollTop < last - 2 && gap > AT_END) isStuck.current = false;
      else if (gap < AT_END) isStuck.current = true;
      last = outer.scrollTop;
      setIsAway(gap > FAR);
    };
    outer.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      outer.removeEventListener('scroll', onScroll);
      outer.removeEventListener('pointerdown', press);
      for (const type of released) window.removeEventListener(type, release);
    };
  }, []);
  return { scroller, content, isAway, toEnd };
}
