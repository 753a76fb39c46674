import { ActionIcon, Button, Textarea, Tooltip, VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, memo, useRef, useState } from 'react';
import { useText } from '../language/language-store.ts';
import { IconPencil } from '../ui/icons.ts';
import { focusComposer } from './asking/focus-composer.ts';
import styles from './chat-page.module.css';
import type { Shown } from './conversation.tsx';
import { streamOf } from './streaming/use-live-answer.ts';
import { VersionSwitch } from './version-switch.tsx';

/** A question as it was asked. */
export function QuestionBubble({ content }: { content: string }) {
  const t = useText();
  return (
    <div className={styles.question}>
      <VisuallyHidden component="h2">{t('chat.youAsked')}</VisuallyHidden>
      <div className={styles.bubble}>{content}</div>
    </div>
  );
}

/** A question, which can be asked in other words; all versions stay reachable. */
export const Question = memo(function Question({
  sessionId,
  message,
}: {
  sessionId: number;
  message: Shown;
}) {
  const t = useText();
  const [isEditing, setIsEditing] = useState(false);
  const wasCancelled = useRef(false);
  const { id, parent_id, content, versions } = message;
  if (id === undefined) return <QuestionBubble content={content} />;
  if (isEditing)
    return (
      <QuestionEditor
        content={content}
        onCancel={() => {
          wasCancelled.current = true;
          setIsEditing(false);
        }}
        onSend={text => {
          setIsEditing(false);
          focusComposer();
          void streamOf(sessionId).edit({ id, parent_id }, text);
        }}
      />
    );
  return (
    <div className={styles.asked}>
      <QuestionBubble content={content} />
      <div className={styles.askedActions}>
        <VersionSwitch sessionId={sessionId} id={id} versions={versions} />
        <Tooltip label={t('chat.edit')}>
          <ActionIcon
            size={28}
            // Back where one was before.
            autoFocus={wasCancelled.current}
            onClick={() => {
              wasCancelled.current = false;
              setIsEditing(true);
            }}
            aria-label={t('chat.edit')}
            className={styles.edit}
          >
            <IconPencil size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
});

type EditorProps = { content: string; onCancel: () => void; onSend: (text: string) => void };

function QuestionEditor({ content, onCancel, onSend }: EditorProps) {
  const t = useText();
  const [text, setText] = useState(content);
  const isChanged = text.trim() !== '' && text.trim() !== content;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (isChanged) onSend(text.trim());
  };
  return (
    <form
      className={styles.editor}
      onSubmit={event => {
        event.preventDefault();
        if (isChanged) onSend(text.trim());
      }}
    >
      <Textarea
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        autosize
        autoFocus
        minRows={2}
        maxRows={10}
        aria-label={t('chat.edit')}
      />
      <div className={styles.editorActions}>
        <Button size="compact-md" variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button size="compact-md" type="submit" disabled={!isChanged}>
          {t('chat.send')}
        </Button>
      </div>
    </form>
  );
}
