import { Button, NativeSelect, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ServerSetting, SettingProblem } from '../../../contract/administration/settings.ts';
import { ApiError } from '../../api/request.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { IconSearch } from '../../ui/icons.ts';
import { TypedField } from '../../ui/typed-field.tsx';
import { useAddressParameters } from '../../ui/use-address-parameters.ts';
import { ViewHead } from '../view-head.tsx';
import { SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { type Draft, useChangeSettings, useServerSettings } from './use-server-settings.ts';
import { useSettingTexts } from './use-setting-texts.ts';

/** Every setting of the server: what is in effect, where it comes from, and another value where one can be given. */
export default function SettingsView() {
  const a = useAdministrationText();
  const { data, error } = useServerSettings();
  return (
    <>
      <ViewHead title={a('admin.settings')} text={a('settings.text')}>
        <Link to="/admin/settings/history">{a('settings.history')}</Link>
      </ViewHead>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Skeleton h={320} />}
      {data && <Form settings={data.settings} revision={data.revision} />}
    </>
  );
}

type Shown = 'changeable' | 'changed' | 'all';
const shownChoices: readonly Shown[] = ['changeable', 'changed', 'all'];

function Form({ settings, revision }: { settings: ServerSetting[]; revision: number }) {
  const a = useAdministrationText();
  const [draft, setDraft] = useState<Draft>({});
  const save = useChangeSettings(revision, () => setDraft({}));
  const { words, shown, change: show, matches } = useShown();
  const { groupOf, describeProblem } = useSettingTexts();
  const problems = problemsOf(save.error);
  const groups = Map.groupBy(
    // What is being changed stays in view, whatever is looked for, and so does what does not go with it.
    settings.filter(setting => setting.name in draft || problems.has(setting.name) || matches(setting)),
    groupOf,
  );
  const change = (name: string, value: string | null) => {
    save.reset();
    setDraft(before => withValue(before, settings, name, value));
  };
  const count = Object.keys(draft).length;
  const describe = (problem: SettingProblem | undefined) => problem && describeProblem(problem);
  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault();
        if (count > 0) save.mutate(draft);
      }}
    >
      <search className={styles.tools}>
        <TypedField
          size="xs"
          label={a('table.search')}
          placeholder={a('settings.search')}
          value={words}
          onChange={q => show({ q })}
          leftSection={<IconSearch size={15} stroke={1.7} />}
          className={styles.search}
        />
        <NativeSelect
          size="xs"
          label={a('settings.shown')}
          value={shown}
          onChange={({ currentTarget: { value } }) => show({ shown: value === 'changeable' ? null : value })}
          data={shownChoices.map(choice => ({ value: choice, label: a(`settings.${choice}`) }))}
        />
      </search>
      <section className={`${styles.list} scroll`} tabIndex={0} aria-label={a('admin.settings')}>
        {groups.size === 0 && <Text p="md">{a('table.noneFound')}</Text>}
        {[...groups].map(([group, inside]) => (
          <div key={group} className={styles.group}>
            <h3 className={styles.groupTitle}>{group}</h3>
            {inside.map(setting => (
              <SettingRow
                key={setting.name}
                setting={setting}
                draft={draft}
                problem={describe(problems.get(setting.name))}
                onChange={change}
              />
            ))}
          </div>
        ))}
      </section>
      {save.error && problems.size === 0 && <ErrorNote error={save.error} />}
      <div className={styles.bar}>
        <Text size="sm" role="status" className={styles.barText}>
          {problems.size > 0
            ? a('settings.problems', { count: problems.size })
            : count > 0
              ? a('settings.unsaved', { count })
              : save.isSuccess && a('settings.saved')}
        </Text>
        <Button
          size="xs"
          variant="subtle"
          disabled={count === 0}
          onClick={() => {
            save.reset();
            setDraft({});
          }}
        >
          {a('settings.discard')}
        </Button>
        <Button type="submit" size="xs" disabled={count === 0} loading={save.isPending}>
          {a('settings.save')}
        </Button>
      </div>
    </form>
  );
}

/** A value that is in effect already is no change. */
function withValue(
  draft: Draft,
  settings: readonly ServerSetting[],
  name: string,
  value: string | null,
): Draft {
  const { [name]: _, ...others } = draft;
  const setting = settings.find(one => one.name === name);
  const isChangedHere = setting?.source === 'administration';
  const isSame = value === null ? !isChangedHere : value === (setting?.value ?? '');
  return isSame ? others : { ...others, [name]: value };
}

/** What the server has against which value. */
function problemsOf(error: unknown): ReadonlyMap<string, SettingProblem> {
  const given = error instanceof ApiError ? error.details.problems : undefined;
  const problems = Array.isArray(given) ? (given as SettingProblem[]) : [];
  return new Map(problems.map(problem => [problem.name, problem]));
}

/** Which settings are shown stands in the address. */
function useShown() {
  const { titleOf, descriptionOf, groupOf } = useSettingTexts();
  const [parameters, change] = useAddressParameters();
  const words = parameters.get('q') ?? '';
  const shown = shownChoices.find(choice => choice === parameters.get('shown')) ?? 'changeable';
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (setting: ServerSetting) => {
    if (shown === 'changeable' && !setting.changeable) return false;
    if (shown === 'changed' && setting.source !== 'administration') return false;
    const text = [setting.name, titleOf(setting), descriptionOf(setting), groupOf(setting)]
      .join(' ')
      .toLowerCase();
    return wanted.every(word => text.includes(word));
  };
  return { words, shown, change, matches };
}
