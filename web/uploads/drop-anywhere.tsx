import { useEffect, useState } from 'react';
import { useText } from '../language/language-store.ts';
import { IconCloudUpload } from '../ui/icons.ts';
import { receiveFiles } from './drop-taker.ts';
import { droppedFiles } from './dropped-files.ts';
import styles from './uploads.module.css';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Files can be dropped and pasted anywhere in the page. */
export function DropAnywhere() {
  const t = useText();
  const isOver = useFileDrop();
  if (!isOver) return null;
  return (
    <div className={styles.overlay} role="status">
      <IconCloudUpload size={44} stroke={1.4} />
      {t('uploads.drop')}
    </div>
  );
}

function useFileDrop(): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener(
      'dragover',
      event => {
        if (!hasFiles(event)) return;
        event.preventDefault(); // Else the browser opens what is dropped.
        setIsOver(true);
      },
      { signal },
    );
    addEventListener('dragleave', event => !event.relatedTarget && setIsOver(false), { signal });
    addEventListener(
      'drop',
      event => {
        setIsOver(false);
        if (!event.dataTransfer || !hasFiles(event)) return;
        event.preventDefault();
        void droppedFiles(event.dataTransfer).then(receiveFiles);
      },
      { signal },
    );
    addEventListener(
      'paste',
      event => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        void receiveFiles(files);
      },
      { signal },
    );
    return () => stop.abort();
  }, []);
  return isOver;
}
