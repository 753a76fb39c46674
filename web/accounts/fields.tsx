import { PasswordInput, TextInput } from '@mantine/core';
import { LEAST_PASSWORD } from '../../contract/accounts/password-length.ts';
import { useText } from '../language/language-store.ts';

/** Named as the API and as password managers know them. */
export function EmailField({ value }: { value?: string | undefined }) {
  const t = useText();
  return (
    <TextInput
      name="email"
      type="email"
      label={t('account.email')}
      autoComplete="username"
      required
      withAsterisk={false}
      {...(value !== undefined && { value, readOnly: true })}
    />
  );
}

export function NameField() {
  const t = useText();
  return (
    <TextInput
      name="name"
      label={t('account.name')}
      autoComplete="name"
      required
      withAsterisk={false}
      maxLength={100}
    />
  );
}

export function PasswordField({ name = 'password', label }: { name?: string; label?: string }) {
  const t = useText();
  return (
    <PasswordInput
      name={name}
      label={label ?? t('account.password')}
      autoComplete="current-password"
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
    />
  );
}

export function NewPasswordField({ name = 'password' }: { name?: string }) {
  const t = useText();
  return (
    <PasswordInput
      name={name}
      label={t('account.newPassword')}
      description={t('account.passwordHint', { count: LEAST_PASSWORD })}
      autoComplete="new-password"
      minLength={LEAST_PASSWORD}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
    />
  );
}
