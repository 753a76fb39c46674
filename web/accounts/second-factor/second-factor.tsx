import { Button, Code, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { secondFactor } from '../../../contract/accounts/accounts.ts';
import { post, refreshAccount } from '../../api/accounts.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import styles from '../accounts.module.css';
import { Card } from '../card.tsx';
import { PasswordField } from '../fields.tsx';
import { useForm } from '../use-form.ts';
import { QrCode } from './qr-code.tsx';

type Begun = z.infer<typeof secondFactor>;

/** The codes of an authenticator: to begin with them, and to end it. Each needs the password. */
export function SecondFactor({ isOn }: { isOn: boolean }) {
  const a = useAdministrationText();
  const [begun, setBegun] = useState<Begun>();
  const [isDone, setIsDone] = useState(false);
  return (
    <Card title={a('factor.title')}>
      <Text size="sm" c="dimmed" mb="md">
        {a(isOn ? 'factor.isOn' : 'factor.text')}
      </Text>
      <div role="status">
        {isDone && isOn && (
          <Text size="sm" mb="md">
            {a('factor.done')}
          </Text>
        )}
      </div>
      {isOn && <EndForm />}
      {!isOn && !begun && <BeginForm onBegun={setBegun} />}
      {!isOn && begun && (
        <FirstCode
          begun={begun}
          onCancel={() => setBegun(undefined)}
          onDone={() => {
            setBegun(undefined);
            setIsDone(true);
            void refreshAccount();
          }}
        />
      )}
    </Card>
  );
}

function BeginForm({ onBegun }: { onBegun: (begun: Begun) => void }) {
  const a = useAdministrationText();
  const { onSubmit, isPending, error } = useForm(
    fields => post<Begun>('account/second-factor/', fields),
    onBegun,
  );
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <PasswordField label={a('factor.password')} />
      {error && <ErrorNote error={error} />}
      <Group>
        <Button type="submit" variant="default" loading={isPending}>
          {a('factor.begin')}
        </Button>
      </Group>
    </form>
  );
}

type FirstCodeProps = { begun: Begun; onDone: () => void; onCancel: () => void };

/** It counts once the authenticator has shown that it has the secret. */
function FirstCode({ begun: { uri, recovery_codes: codes }, onDone, onCancel }: FirstCodeProps) {
  const t = useText();
  const a = useAdministrationText();
  const code = useFirstFocus<HTMLInputElement>();
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const { onSubmit, isPending, error } = useForm(
    ({ code: given = '' }) => post('account/second-factor/code/', { code: given.replaceAll(/\s/g, '') }),
    onDone,
  );
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <Text size="sm">{a('factor.scan')}</Text>
      <QrCode text={uri} label={a('factor.qr')} />
      <div>
        <Text size="sm">{a('factor.secret')}</Text>
        <Group gap="xs" wrap="nowrap">
          <Code style={{ overflowWrap: 'anywhere' }}>{secret}</Code>
          <CopyAction text={secret} label={t('account.copy')} />
        </Group>
      </div>
      <div>
        <Text size="sm">{a('factor.recovery')}</Text>
        <Group gap="xs" wrap="nowrap" align="start">
          <Code block aria-label={a('factor.recoveryCodes')} style={{ flex: 1 }}>
            {codes.join('\n')}
          </Code>
          <CopyAction text={codes.join('\n')} label={a('factor.copyRecovery')} />
        </Group>
      </div>
      <TextInput
        name="code"
        label={a('factor.firstCode')}
        autoComplete="one-time-code"
        inputMode="numeric"
        required
        withAsterisk={false}
        ref={code}
      />
      {error && <ErrorNote error={error} />}
      <Group gap="xs">
        <Button type="submit" loading={isPending}>
          {a('factor.turnOn')}
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
      </Group>
    </form>
  );
}

function EndForm() {
  const a = useAdministrationText();
  const { onSubmit, isPending, error } = useForm(
    fields => post('account/second-factor/end/', fields),
    () => void refreshAccount(),
  );
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <PasswordField label={a('factor.password')} />
      {error && <ErrorNote error={error} />}
      <Group>
        <Button type="submit" variant="default" loading={isPending}>
          {a('factor.turnOff')}
        </Button>
      </Group>
    </form>
  );
}
