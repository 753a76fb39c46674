import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useSession } from '../api/sessions.ts';
import { createProofs, type Proof } from '../sources/proof.ts';
import { usePreview } from '../sources/use-preview.tsx';
import styles from './chat-page.module.css';
import { Conversation } from './conversation.tsx';
import { useLiveAnswer } from './streaming/use-live-answer.ts';
import { type SourceAddress, useSourceAddress } from './use-source-address.ts';
import { whenIdle } from './when-idle.ts';

const loadSourcePane = () => import('../sources/source-pane.tsx');
const SourcePane = lazy(loadSourcePane);

/** A session beside the source that is open. */
export default function OpenChat({ sessionId }: { sessionId: number }) {
  const session = useSession(sessionId);
  const { address, open, close } = useSourceAddress();
  const isWide = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false });
  const { preview, card } = usePreview();
  const tools = useMemo(() => ({ openSource: open, preview }), [open, preview]);
  const proof = useAddressedProof(sessionId, address);
  const isPaneWanted = useOnceTrue(proof !== undefined);
  const isIdle = useLiveAnswer(sessionId, ({ phase }) => phase === 'idle');
  // In good time, but after the messages: to wait for it would hold them up.
  const isLoaded = session.isSuccess;
  useEffect(() => (isLoaded ? whenIdle(() => void loadSourcePane()) : undefined), [isLoaded]);
  // While an answer comes, Escape stops it.
  useHotkeys([['Escape', () => isIdle && proof && close()]], []);
  const active = useCallback(
    (messageId: number | undefined) =>
      address && proof && messageId === address.messageId ? `${proof.number}.${proof.occurrence}` : undefined,
    [address, proof],
  );
  return (
    <div className={styles.beside}>
      <Conversation sessionId={sessionId} session={session} tools={tools} activeIn={active} />
      {card}
      {isPaneWanted && (
        <Suspense>
          <SourcePane proof={proof} onClose={close} isDocked={isWide} />
        </Suspense>
      )}
    </div>
  );
}

/** True from the first time on: what is closed again stays, so that it can be seen to close. */
function useOnceTrue(isTrue: boolean): boolean {
  const [wasTrue, setWasTrue] = useState(isTrue);
  if (isTrue && !wasTrue) setWasTrue(true);
  return wasTrue || isTrue;
}

/** What the address says is open, among the messages that there are and the answer that is coming. */
function useAddressedProof(sessionId: number, address: SourceAddress | undefined): Proof | undefined {
  const { data: session } = useSession(sessionId);
  const isLive = useLiveAnswer(
    sessionId,
    ({ messageId }) => address !== undefined && messageId === address.messageId,
  );
  const content = useLiveAnswer(sessionId, live => (address === undefined ? '' : live.content));
  const sources = useLiveAnswer(sessionId, live => live.sources);
  const citations = useLiveAnswer(sessionId, live => live.citations);
  return useMemo(() => {
    if (!address) return undefined;
    const answer = isLive
      ? { content, sources, citations }
      : session?.messages.find(({ id }) => id === address.messageId);
    return answer && createProofs(answer)(address.number, address.occurrence);
  }, [address, isLive, content, sources, citations, session]);
}
