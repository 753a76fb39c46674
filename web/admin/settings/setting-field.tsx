import { NativeSelect, Switch, Text, TextInput } from '@mantine/core';
import type { ServerSetting } from '../../../contract/administration/settings.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useSettingTexts } from './use-setting-texts.ts';

type Props = {
  id: string;
  setting: ServerSetting;
  /** As in the environment. */
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
};

/** Below a small field it would have 10px. */
const errorProps = { fz: 'xs' };

/** The field that fits a setting; one that can't be changed here is only shown. */
export function SettingField({ id, setting, value, problem, onChange }: Props) {
  const a = useAdministrationText();
  const { unitOf, expectedOf } = useSettingTexts();
  const { kind, choices, min, max, unit, changeable, secret, is_set: isSet } = setting;
  if (!changeable) {
    const shown = secret && isSet ? a('settings.secret') : value;
    return (
      <TextInput
        id={id}
        size="xs"
        value={shown}
        placeholder={a('settings.notSet')}
        readOnly
        variant="filled"
        aria-describedby={`${id}-about`}
      />
    );
  }
  if (kind === 'flag')
    return (
      <Switch
        id={id}
        checked={value === 'true'}
        onChange={event => onChange(String(event.currentTarget.checked))}
        label={a(value === 'true' ? 'word.on' : 'word.off')}
        error={problem}
      />
    );
  if (kind === 'choice' && choices)
    return (
      <NativeSelect
        id={id}
        size="xs"
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        data={choices}
        error={problem}
        errorProps={errorProps}
      />
    );
  const isNumber = kind === 'whole_number' || kind === 'decimal';
  return (
    <TextInput
      id={id}
      size="xs"
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      placeholder={expectedOf(setting)}
      error={problem}
      errorProps={errorProps}
      {...(isNumber && { inputMode: 'decimal' as const })}
      {...(unit !== null && {
        rightSection: (
          <Text size="xs" c="dimmed" pr="sm">
            {unitOf(unit)}
          </Text>
        ),
        rightSectionWidth: 'auto',
      })}
      {...(isNumber && min !== null && max !== null && { title: `${min} – ${max}` })}
    />
  );
}
