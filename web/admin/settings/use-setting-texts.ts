import { useMemo } from 'react';
import type { ServerSetting, SettingProblem } from '../../../contract/administration/settings.ts';
import {
  type AdministrationKey,
  enAdministration,
} from '../../language/catalogues/administration/en-administration.ts';
import { type AdministrationText, useAdministrationText } from '../../language/use-administration-text.ts';

type Setting = Pick<ServerSetting, 'name' | 'description'>;

export type SettingTexts = {
  titleOf: (setting: { name: string }) => string;
  descriptionOf: (setting: Setting) => string;
  groupOf: (setting: { group: string }) => string;
  unitOf: (unit: string) => string;
  /** What a value must be. */
  expectedOf: (setting: Pick<ServerSetting, 'kind' | 'min' | 'max' | 'choices'>) => string;
  describeProblem: (problem: SettingProblem) => string;
};

const isKey = (key: string): key is AdministrationKey => Object.hasOwn(enAdministration, key);

/**
 * What the server says of settings, in the reader's language. Those that can't be changed here have only the name of
 * their variable and the server's own description.
 */
export function useSettingTexts(): SettingTexts {
  const a = useAdministrationText();
  return useMemo(() => {
    const say = (key: string, otherwise: string) => (isKey(key) ? a(key) : otherwise);
    return {
      titleOf: ({ name }) => say(`setting.${name}`, name),
      descriptionOf: ({ name, description }) => say(`about.${name}`, description),
      groupOf: ({ group }) => say(`settingGroup.${group}`, group),
      unitOf: unit => say(`unit.${unit}`, unit),
      expectedOf: ({ kind, min, max, choices }) =>
        // To be typed as it stands: without separators between thousands.
        a(`expected.${kind}`, { min: String(min), max: String(max), choices: choices?.join(', ') ?? '' }),
      describeProblem: problem => describeProblem(a, problem),
    };
  }, [a]);
}

function describeProblem(a: AdministrationText, { code, params, message }: SettingProblem): string {
  switch (code) {
    case 'unknown_setting':
      return a('problem.unknown');
    case 'needs_restart':
    case 'no_language_model':
    case 'no_reranker':
      return a(`fixed.${code}`);
    case 'required_with':
      return a('problem.requiredWith', params);
    case 'context_too_small':
      return a('problem.contextTooSmall', params);
    case 'conflict':
      return message;
    default: {
      const expected = a(`expected.${code.slice('expected_'.length) as Kind}`, params);
      return a('problem.expected', { ...params, expected });
    }
  }
}

type Kind = ServerSetting['kind'];
