import { lazy, Suspense, useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { queryClient } from '../api/query-client.ts';
import { createSession, refreshSessions, sessionKey } from '../api/sessions.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { NewChat } from './asking/new-chat.tsx';
import { keepScope, type Scope, wholeScope } from './asking/use-scope.ts';
import { keepWriting, writingOf } from './asking/writing-choice.ts';
import { streamOf } from './streaming/use-live-answer.ts';

const loadOpenChat = () => import('./open-chat.tsx');
const OpenChat = lazy(loadOpenChat);

/** A chat beside the source that is open; without an id in the address, a new one. */
export function ChatPage() {
  const { id } = useParams();
  return id === undefined ? (
    <NewChatPage />
  ) : (
    <Suspense>
      <OpenChat key={id} sessionId={Number(id)} />
    </Suspense>
  );
}

function NewChatPage() {
  // Its first answer must not wait for it.
  useEffect(() => void loadOpenChat(), []);
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const ask = async (message: string, scope: Scope) => {
    setFailure(undefined);
    try {
      const session = await createSession();
      queryClient.setQueryData(sessionKey(session.id), session);
      keepWriting(String(session.id), writingOf('new'));
      keepScope(String(session.id), scope);
      void streamOf(session.id).ask(message);
      keepScope('new', wholeScope);
      void refreshSessions();
      await navigate(`/chat/${session.id}`);
    } catch (error) {
      setFailure(error);
    }
  };
  return <NewChat onAsk={ask} failure={failure !== undefined && <ErrorNote error={failure} />} />;
}
