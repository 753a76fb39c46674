import { useSyncExternalStore } from 'react';
import { en, type MessageKey } from './catalogues/en.ts';
import type { Catalogue, ErrorTexts, Message } from './message.ts';

export const languages = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof languages;

type Texts = { catalogue: Catalogue<MessageKey>; errors: Partial<ErrorTexts> };

/** Loaded when chosen, but for English, which every message has. */
const loaders: Record<Exclude<Language, 'en'>, () => Promise<Texts>> = {
  de: async () => ({
    catalogue: (await import('./catalogues/de.ts')).de,
    errors: (await import('./catalogues/de-errors.ts')).deErrors,
  }),
  fr: async () => ({
    catalogue: (await import('./catalogues/fr.ts')).fr,
    errors: (await import('./catalogues/fr-errors.ts')).frErrors,
  }),
  es: async () => ({
    catalogue: (await import('./catalogues/es.ts')).es,
    errors: (await import('./catalogues/es-errors.ts')).esErrors,
  }),
};
const STORED = 'lectern-language';

type Values = Record<string, string | number>;
/** Writes a message in the chosen language; numbers are formatted, `count` chooses the plural. */
export type TextOf<Key extends string> = (key: Key, values?: Values) => string;
type Text = TextOf<MessageKey>;

type Current = { language: Language; text: Text; errors: Partial<ErrorTexts> };

const english: Texts = { catalogue: en, errors: {} };

let current: Current = { language: 'en', text: createText('en', en), errors: {} };
const listeners = new Set<() => void>();

export function createText<Key extends string>(language: Language, catalogue: Catalogue<Key>): TextOf<Key> {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const template = pick(catalogue[key], Number(values.count ?? 0), plurals);
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

function pick(message: Message, count: number, plurals: Intl.PluralRules): string {
  return typeof message === 'string' ? message : (message[plurals.select(count)] ?? message.other);
}

/** The stored choice, else the first language of the browser that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages];
  const known = wanted.map(tag => tag.slice(0, 2).toLowerCase()).find(tag => tag in languages);
  return (known ?? 'en') as Language;
}

/** Shows the page in a language from now on. */
export async function setLanguage(language: Language): Promise<void> {
  show(language, language === 'en' ? english : await loaders[language]());
}

function show(language: Language, { catalogue, errors }: Texts): void {
  current = { language, text: createText(language, catalogue), errors };
  document.documentElement.lang = language;
  document.getElementById('overlays')?.setAttribute('aria-label', current.text('shell.overlays'));
  for (const tell of listeners) tell();
}

// In development a changed text is seen at once; nobody else accepts it, and the page would be loaded anew.
import.meta.hot?.accept(
  ['./catalogues/en.ts', './catalogues/de.ts', './catalogues/fr.ts', './catalogues/es.ts'],
  changed => {
    const catalogue = changed.find(module => module !== undefined)?.[current.language];
    if (catalogue) show(current.language, { catalogue, errors: current.errors });
  },
);

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await setLanguage(language);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const useCurrent = () => useSyncExternalStore(subscribe, () => current);
export const useText = () => useCurrent().text;
export const useLanguage = () => useCurrent().language;
export const useErrorTexts = () => useCurrent().errors;
