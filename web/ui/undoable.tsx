import { Button } from '@mantine/core';

const UNDO_MS = 6_000;
let lastNumber = 0;

type Undoable = {
  message: string;
  undoLabel: string;
  /** Does it, once it can no longer be undone. */
  commit: () => Promise<unknown>;
  /** Shows again what was hidden. */
  undo: () => void;
  onError: (error: unknown) => void;
};

/** Does something that can't be taken back a little later, and offers to leave it undone until then. */
export async function undoable({ message, undoLabel, commit, undo, onError }: Undoable): Promise<void> {
  let isDecided = false;
  let hide = () => {};
  const id = `undo-${++lastNumber}`;
  const decide = (action: () => void) => {
    if (isDecided) return;
    isDecided = true;
    clearTimeout(timer);
    removeEventListener('pagehide', commitNow);
    hide();
    action();
  };
  const commitNow = () => decide(() => void commit().catch(onError));
  const timer = setTimeout(commitNow, UNDO_MS);
  // Who closes the page has seen that it is gone, and may close it in the moment that it goes.
  addEventListener('pagehide', commitNow);
  const { notifications } = await import('@mantine/notifications');
  if (isDecided) return;
  hide = () => notifications.hide(id);
  notifications.show({
    id,
    autoClose: UNDO_MS,
    withCloseButton: false,
    message: (
      <span style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: 12 }}>
        <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{message}</span>
        <Button size="compact-sm" variant="light" style={{ flex: 'none' }} onClick={() => decide(undo)}>
          {undoLabel}
        </Button>
      </span>
    ),
  });
}

/** A short notice of something that went wrong. */
export async function showError(message: string): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show({ color: 'red', message });
}
