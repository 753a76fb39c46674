import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../message.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

const formsOf = (message: Message) => (typeof message === 'string' ? [message] : Object.values(message));
const namesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test('every language has every text, with what is filled in', () => {
  const english: Record<string, Message> = en;
  for (const [language, catalogue] of Object.entries({ de, es, fr } as Record<
    string,
    Record<string, Message>
  >)) {
    assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(english).sort(), language);
    for (const [key, message] of Object.entries(catalogue)) {
      const wanted = namesIn(formsOf(english[key] ?? '').join(' '));
      for (const form of formsOf(message)) assert.deepEqual(namesIn(form), wanted, `${language} ${key}`);
    }
  }
});
