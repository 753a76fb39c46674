import type { WordingLanguage } from '../wording/wordings.ts';

/** Asks what a document says about a subject, both in the document's own words. */
const templates: Record<WordingLanguage, string> = {
  en: 'What does “{name}” say about “{subject}”?',
  de: 'Was sagt „{name}“ über „{subject}“?',
  fr: 'Que dit « {name} » sur « {subject} » ?',
  es: '¿Qué dice «{name}» sobre «{subject}»?',
  it: 'Che cosa dice «{name}» su «{subject}»?',
  pt: 'O que diz “{name}” sobre “{subject}”?',
  nl: 'Wat zegt “{name}” over “{subject}”?',
  sv: 'Vad säger ”{name}” om ”{subject}”?',
  da: 'Hvad siger »{name}« om »{subject}«?',
  nb: 'Hva sier «{name}» om «{subject}»?',
  pl: 'Co „{name}” mówi o „{subject}”?',
  cs: 'Co říká „{name}“ o „{subject}“?',
  tr: '“{name}” “{subject}” hakkında ne diyor?',
  ru: 'Что в «{name}» говорится о «{subject}»?',
  uk: 'Що у «{name}» сказано про «{subject}»?',
  el: 'Τι λέει το «{name}» για «{subject}»;',
  ar: 'ماذا يقول «{name}» عن «{subject}»؟',
  he: 'מה אומר „{name}” על „{subject}”?',
  hi: '“{name}” में “{subject}” के बारे में क्या कहा गया है?',
  zh: '“{name}”关于“{subject}”说了什么？',
  ja: '「{name}」は「{subject}」について何と述べていますか？',
  ko: '“{name}”은(는) “{subject}”에 대해 무엇이라고 합니까?',
};

export const wordFollowUp = (language: WordingLanguage, values: { name: string; subject: string }) =>
  templates[language].replace(/\{(name|subject)\}/g, (_, key: 'name' | 'subject') => values[key]);
