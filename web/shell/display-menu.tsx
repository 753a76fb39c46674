import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import {
  chooseLanguage,
  type Language,
  languages,
  useLanguage,
  useText,
} from '../language/language-store.ts';
import { IconDeviceDesktop, IconMoon, IconSun } from '../ui/icons.ts';

const schemes = [
  { value: 'light', label: 'display.light', Icon: IconSun },
  { value: 'dark', label: 'display.dark', Icon: IconMoon },
  { value: 'auto', label: 'display.system', Icon: IconDeviceDesktop },
] as const;

/** Colours and language. */
export function DisplayMenu() {
  const t = useText();
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { Icon } = schemes.find(({ value }) => value === colorScheme) ?? schemes[2];
  return (
    <Menu position="top-end" width={190}>
      <Menu.Target>
        <ActionIcon size={36} aria-label={t('display.menu')}>
          <Icon size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('display.colours')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={value => setColorScheme(value as MantineColorScheme)}>
          {schemes.map(scheme => (
            <Menu.RadioItem key={scheme.value} value={scheme.value}>
              {t(scheme.label)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('display.language')}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={value => void chooseLanguage(value as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
