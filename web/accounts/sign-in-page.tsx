import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { post, startAnew } from '../api/accounts.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import styles from './accounts.module.css';
import { EmailField, PasswordField } from './fields.tsx';
import { FrontFrame } from './front-frame.tsx';
import { ProviderSignIn } from './provider-sign-in.tsx';
import { useForm } from './use-form.ts';

/** Stands in the place of every view that needs somebody to be signed in. */
export default function SignInPage() {
  const t = useText();
  const [needsCode, setNeedsCode] = useState(false);
  return (
    <FrontFrame title={t('account.signIn')} text={needsCode ? t('account.codeText') : undefined}>
      {needsCode ? (
        <CodeForm />
      ) : (
        <>
          <ProviderSignIn />
          <PasswordForm onCodeNeeded={() => setNeedsCode(true)} />
        </>
      )}
    </FrontFrame>
  );
}

function PasswordForm({ onCodeNeeded }: { onCodeNeeded: () => void }) {
  const t = useText();
  const { onSubmit, isPending, error } = useForm(
    fields => post<{ second_factor: boolean }>('auth/sign-in/', fields),
    answer => (answer.second_factor ? onCodeNeeded() : startAnew(true)),
  );
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <EmailField />
      <PasswordField />
      {error && <ErrorNote error={error} title={t('account.notSignedIn')} />}
      <Button type="submit" loading={isPending}>
        {t('account.signIn')}
      </Button>
    </form>
  );
}

function CodeForm() {
  const t = useText();
  const field = useFirstFocus<HTMLInputElement>();
  const { onSubmit, isPending, error } = useForm(
    ({ code = '' }) => post('auth/code/', readCode(code)),
    () => startAnew(true),
  );
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <TextInput
        name="code"
        label={t('account.code')}
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        ref={field}
      />
      {error && <ErrorNote error={error} title={t('account.notSignedIn')} />}
      <Button type="submit" loading={isPending}>
        {t('account.signIn')}
      </Button>
    </form>
  );
}

/** Authenticators show their six digits in two groups; a recovery code is longer. */
function readCode(given: string): { code: string; recovery: boolean } {
  const code = given.replaceAll(/\s/g, '');
  return { code, recovery: code.length > 6 };
}
