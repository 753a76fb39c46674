import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../message.ts';
import { deAdministration } from './administration/de-administration.ts';
import { enAdministration } from './administration/en-administration.ts';
import { esAdministration } from './administration/es-administration.ts';
import { frAdministration } from './administration/fr-administration.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

const formsOf = (message: Message) => (typeof message === 'string' ? [message] : Object.values(message));
const namesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

type Texts = Record<string, Message>;
const catalogues: Record<string, { english: Texts; others: Record<string, Texts> }> = {
  'the page': { english: en, others: { de, es, fr } },
  administration: {
    english: enAdministration,
    others: { de: deAdministration, es: esAdministration, fr: frAdministration },
  },
};

for (const [name, { english, others }] of Object.entries(catalogues))
  test(`every language has every text of ${name}, with what is filled in`, () => {
    for (const [language, catalogue] of Object.entries(others)) {
      assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(english).sort(), language);
      for (const [key, message] of Object.entries(catalogue)) {
        const wanted = namesIn(formsOf(english[key] ?? '').join(' '));
        for (const form of formsOf(message)) assert.deepEqual(namesIn(form), wanted, `${language} ${key}`);
      }
    }
  });
