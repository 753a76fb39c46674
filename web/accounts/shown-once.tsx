import { Code, Text } from '@mantine/core';
import { useText } from '../language/language-store.ts';
import { CopyAction } from '../ui/copy-action.tsx';

/** A link or a key that can't be shown again. */
export function ShownOnce({ value }: { value: string | undefined }) {
  const t = useText();
  return (
    <div role="status">
      {value && (
        <>
          <Text size="sm" mt="md">
            {t('account.shownOnce')}
          </Text>
          <Code block my={6} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {value}
          </Code>
          <CopyAction text={value} label={t('account.copy')} />
        </>
      )}
    </div>
  );
}
