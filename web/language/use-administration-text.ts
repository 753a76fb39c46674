import { use } from 'react';
import { type AdministrationKey, enAdministration } from './catalogues/administration/en-administration.ts';
import { createText, type Language, type TextOf, useLanguage } from './language-store.ts';
import type { Catalogue } from './message.ts';

type Loader = () => Promise<Catalogue<AdministrationKey>>;

const loaders: Record<Exclude<Language, 'en'>, Loader> = {
  de: async () => (await import('./catalogues/administration/de-administration.ts')).deAdministration,
  fr: async () => (await import('./catalogues/administration/fr-administration.ts')).frAdministration,
  es: async () => (await import('./catalogues/administration/es-administration.ts')).esAdministration,
};

export type AdministrationText = TextOf<AdministrationKey>;

const english = createText('en', enAdministration);
const loaded = new Map<Language, Promise<AdministrationText>>();

function load(language: Exclude<Language, 'en'>): Promise<AdministrationText> {
  const known = loaded.get(language);
  if (known) return known;
  const text = loaders[language]().then(
    catalogue => createText(language, catalogue),
    // As with the page's own texts: better in English than not at all.
    () => english,
  );
  loaded.set(language, text);
  return text;
}

/** The texts of administration. Most people never see them, so that they are no part of what is loaded first. */
export function useAdministrationText(): AdministrationText {
  const language = useLanguage();
  return language === 'en' ? english : use(load(language));
}
