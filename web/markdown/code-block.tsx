import { useText } from '../language/language-store.ts';
import { CopyAction } from '../ui/copy-action.tsx';
import styles from './markdown.module.css';

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const t = useText();
  const name = language.split(/\s/)[0] || t('markdown.code');
  return (
    <div className={styles.code}>
      <div className={styles.codeHead}>
        <span>{name}</span>
        <CopyAction text={code} label={t('markdown.copyCode')} size={24} iconSize={14} />
      </div>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
