import { Button, Text } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'react-router';
import type { ServerSetting } from '../../../contract/administration/settings.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { SettingField } from './setting-field.tsx';
import styles from './settings.module.css';
import type { Draft } from './use-server-settings.ts';
import { useSettingTexts } from './use-setting-texts.ts';

type Props = {
  setting: ServerSetting;
  draft: Draft;
  /** What the server has against the value that was to be saved. */
  problem: string | undefined;
  onChange: (name: string, value: string | null) => void;
};

/** A setting: what it does, its value, where that comes from, and the way back. */
export function SettingRow({ setting, draft, problem, onChange }: Props) {
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  const { titleOf, descriptionOf } = useSettingTexts();
  const id = useId();
  const { name, source, changeable, environment_value: before } = setting;
  const { changed_at: changedAt, changed_by: changedBy } = setting;
  const wanted = draft[name];
  const isTouched = name in draft;
  const value = wanted === undefined ? setting.value : (wanted ?? before);
  const title = titleOf(setting);
  const reset = a('settings.reset', { value: before === null || before === '' ? '–' : before });
  const isChangedHere = wanted === undefined ? source === 'administration' : wanted !== null;
  return (
    <fieldset className={styles.row} aria-label={title} {...(isTouched && { 'data-touched': true })}>
      <div className={styles.what}>
        <label htmlFor={id} className={styles.name}>
          {title}
        </label>
        {title !== name && <code className={styles.variable}>{name}</code>}
        <Text size="xs" c="dimmed" id={`${id}-about`}>
          <Described text={descriptionOf(setting)} />
        </Text>
      </div>
      <div className={styles.value}>
        <SettingField
          id={id}
          setting={setting}
          value={value ?? ''}
          problem={problem}
          onChange={next => onChange(name, next)}
        />
        <div className={styles.source}>
          <span>
            {isTouched && a(wanted === null ? 'settings.willReset' : 'settings.willChange')}
            {!isTouched && a(`source.${source}`)}
            {!isTouched && changedAt !== null && ` · ${dateTime(changedAt)}`}
            {!isTouched && changedBy?.email && ` · ${changedBy.email}`}
            {!changeable && setting.fixed_because && ` · ${a(`fixed.${setting.fixed_because}`)}`}
          </span>
          {changeable && isChangedHere && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`${reset}: ${title}`}
              onClick={() => onChange(name, null)}
            >
              {reset}
            </Button>
          )}
          {changeable && (
            <Link
              to={`/admin/settings/history?name=${name}`}
              aria-label={a('settings.historyOf', { name: title })}
            >
              {a('settings.history')}
            </Link>
          )}
        </div>
      </div>
    </fieldset>
  );
}

/** What stands between backticks is to be typed as it is. */
function Described({ text }: { text: string }) {
  return text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
