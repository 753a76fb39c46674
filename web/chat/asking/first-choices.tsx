import { UnstyledButton } from '@mantine/core';
import { useText } from '../../language/language-store.ts';
import { IconCloudUpload, IconFlask } from '../../ui/icons.ts';
import { FileButton } from '../../uploads/file-button.tsx';
import { addUploads } from '../../uploads/upload-queue.ts';
import styles from '../chat-page.module.css';

/** The texts in samples/, each loaded when wanted. */
const samples = import.meta.glob<string>('../../../samples/*.txt', { query: '?raw', import: 'default' });

async function addSamples(): Promise<void> {
  const files = await Promise.all(
    Object.entries(samples).map(async ([path, load]) => {
      const name = path.split('/').at(-1) ?? path;
      return new File([await load()], name, { type: 'text/plain' });
    }),
  );
  addUploads(files);
}

/** What someone does who is here for the first time. */
export function FirstChoices() {
  const t = useText();
  return (
    <div className={styles.choices}>
      <FileButton label={t('documents.chooseFiles')} onFiles={addUploads}>
        {choose => (
          <UnstyledButton className={styles.choice} onClick={choose}>
            <IconCloudUpload size={20} stroke={1.6} />
            <span>
              {t('first.upload')}
              <small>{t('first.uploadHint')}</small>
            </span>
          </UnstyledButton>
        )}
      </FileButton>
      <UnstyledButton className={styles.choice} onClick={() => void addSamples()}>
        <IconFlask size={20} stroke={1.6} />
        <span>
          {t('first.samples')}
          <small>{t('first.samplesHint')}</small>
        </span>
      </UnstyledButton>
    </div>
  );
}
