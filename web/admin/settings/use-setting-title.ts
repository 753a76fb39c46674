import { useCallback } from 'react';
import {
  enSettingTitles,
  type SettingTitleKey,
} from '../../language/catalogues/administration/en-setting-titles.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';

const hasTitle = (key: string): key is SettingTitleKey => key in enSettingTitles;

/** What a setting is called; those that can't be changed here have only the name of their variable. */
export function useSettingTitle(): (setting: { name: string }) => string {
  const a = useAdministrationText();
  return useCallback(
    ({ name }) => {
      const key = `setting.${name}`;
      return hasTitle(key) ? a(key) : name;
    },
    [a],
  );
}

/** What the server calls in English, a setting's group or unit, in the reader's language where that has a word for it. */
export function useSettingWord(): (kind: 'settingGroup' | 'unit', word: string) => string {
  const a = useAdministrationText();
  return useCallback(
    (kind, word) => {
      const key = `${kind}.${word}`;
      return hasTitle(key) ? a(key) : word;
    },
    [a],
  );
}
