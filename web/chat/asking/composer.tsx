import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '../../language/language-store.ts';
import { IconArrowUp, IconPlayerStopFilled } from '../../ui/icons.ts';
import styles from './composer.module.css';
import { composerId, focusComposer } from './focus-composer.ts';

/** What Safari says of the Enter that ends an input method, with no word of composing. */
const IME_KEY = 229;

type Props = {
  /** What the draft is kept under; another one is another draft. */
  draftKey: string;
  isBusy: boolean;
  isStopping: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
  /** Stands left of the send button. */
  tools?: ReactNode;
};

/** Where questions are written. Enter sends; what is not sent is kept, per chat. */
export function Composer({ draftKey, isBusy, isStopping, onSend, onStop, tools }: Props) {
  const t = useText();
  const { value, change, area } = useDraft(draftKey);
  const send = () => {
    const text = value.trim();
    if (!text || isBusy) return;
    change('');
    onSend(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method's Enter chooses a word.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === IME_KEY;
    const isSending = event.key === 'Enter' && !event.shiftKey && !isComposing;
    if (isSending) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape' && isBusy) {
      event.stopPropagation();
      onStop();
    }
  };
  return (
    <form
      className={styles.composer}
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        ref={area}
        id={composerId}
        value={value}
        onChange={event => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={8}
        aria-label={t('chat.question')}
        placeholder={t('chat.placeholder')}
        classNames={{ input: styles.input ?? '' }}
      />
      <div className={styles.bar}>
        <div className={styles.tools}>{tools}</div>
        {isBusy ? (
          // Other keys than Send's: a double click on Send must not stop.
          <Tooltip key="stop" label={t('chat.stopHint')}>
            <ActionIcon
              size={36}
              radius="xl"
              variant="filled"
              color="dark"
              autoContrast
              onClick={onStop}
              loading={isStopping}
              aria-label={t('chat.stop')}
              className={styles.stop}
            >
              <IconPlayerStopFilled size={16} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <ActionIcon
            key="send"
            type="submit"
            size={36}
            radius="xl"
            variant="filled"
            color="brand"
            disabled={!value.trim()}
            aria-label={t('chat.send')}
          >
            <IconArrowUp size={19} stroke={2.2} />
          </ActionIcon>
        )}
      </div>
    </form>
  );
}

/** The text of the composer, kept until it is sent; the composer has the focus on opening, and "/" gives it. */
function useDraft(draftKey: string) {
  const stored = `draft:${draftKey}`;
  const [value, setValue] = useState(() => sessionStorage.getItem(stored) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setValue(sessionStorage.getItem(stored) ?? '');
    focusComposer();
  }, [stored]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input,textarea,[contenteditable]');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      area.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const change = (text: string) => {
    setValue(text);
    sessionStorage.setItem(stored, text);
  };
  return { value, change, area };
}
