import { Button, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useText } from '../language/language-store.ts';
import { usePageTitle } from './page-title.ts';
import styles from './shell.module.css';

export function NotFoundPage() {
  const t = useText();
  usePageTitle(t('lost.title'));
  return (
    <div className={styles.lost}>
      <Title order={1} size="h3">
        {t('lost.title')}
      </Title>
      <Text c="dimmed">{t('lost.text')}</Text>
      <Button component={Link} to="/" variant="light">
        {t('lost.home')}
      </Button>
    </div>
  );
}
