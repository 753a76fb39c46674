import styles from './file-icon.module.css';
import { IconFile, IconFileText, IconFileTypePdf, IconTable } from './icons.ts';

const tables = new Set(['xlsx', 'xls', 'ods', 'csv', 'tsv']);
const texts = new Set(['txt', 'md', 'docx', 'odt', 'rtf', 'html', 'htm', 'epub', 'eml', 'pptx']);

/** What kind of file it is, by its name. */
export function FileIcon({ filename }: { filename: string }) {
  const extension = filename.split('.').at(-1)?.toLowerCase() ?? '';
  const Icon =
    extension === 'pdf'
      ? IconFileTypePdf
      : tables.has(extension)
        ? IconTable
        : texts.has(extension)
          ? IconFileText
          : IconFile;
  return (
    <span className={styles.icon} aria-hidden>
      <Icon size={19} stroke={1.6} />
    </span>
  );
}
