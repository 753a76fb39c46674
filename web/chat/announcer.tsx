import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../language/language-store.ts';
import { useLiveAnswer } from './streaming/use-live-answer.ts';

/** Tells screen readers what happens, in sentences; text that streams in is never read piece by piece. */
export function Announcer({ sessionId }: { sessionId: number }) {
  const t = useText();
  const phase = useLiveAnswer(sessionId, live => live.phase);
  const failure = useLiveAnswer(sessionId, live => live.failure);
  const [said, setSaid] = useState('');
  const before = useRef(phase);
  const failed = useRef(false);
  useEffect(() => {
    if (failure) failed.current = true;
    if (phase === 'waiting') failed.current = false;
    if (phase === 'searching') setSaid(t('stage.searching'));
    else if (phase === 'writing') setSaid(t('stage.writing'));
    else if (phase === 'idle' && before.current !== 'idle')
      setSaid(t(failed.current ? 'answer.failed' : 'answer.ready'));
    before.current = phase;
  }, [phase, failure, t]);
  return <VisuallyHidden role="status">{said}</VisuallyHidden>;
}
