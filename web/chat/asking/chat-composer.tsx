import { useHotkeys } from '@mantine/hooks';
import { streamOf, useLiveAnswer } from '../streaming/use-live-answer.ts';
import { Composer } from './composer.tsx';
import { ComposerTools } from './composer-tools.tsx';
import { useScope } from './use-scope.ts';

type Props = { sessionId: number; onAsk: (message: string) => void };

/** The composer of a session. */
export function ChatComposer({ sessionId, onAsk }: Props) {
  const isBusy = useLiveAnswer(sessionId, ({ phase }) => phase !== 'idle');
  const isStopping = useLiveAnswer(sessionId, live => live.isStopping);
  const [scope, setScope] = useScope(String(sessionId));
  const stop = () => void streamOf(sessionId).stop();
  useHotkeys([['Escape', () => isBusy && stop()]]);
  return (
    <Composer
      draftKey={String(sessionId)}
      isBusy={isBusy}
      isStopping={isStopping}
      onSend={onAsk}
      onStop={stop}
      tools={<ComposerTools chat={String(sessionId)} scope={scope} onScope={setScope} />}
    />
  );
}
