import type { CorpusCase } from '../corpus-case.ts';
import { realCase } from './real-case.ts';

const german = {
  language: 'de',
  excerpts: [
    'Hausordnung der Schule am Fährhaus\n\nDie Schule öffnet um 7:45 Uhr.',
    'Käthe Grünwald, „schriftlich“\nangemeldet',
  ],
};
const box = {
  headings: [
    [1, 'handbook.md'],
    [2, 'Joining the library'],
    [3, 'What a membership includes'],
    [3, 'Deposits and fees'],
    [2, 'Lending and returning'],
    [3, 'Accidents and repairs'],
    [4, 'Reporting damage'],
    [1, 'letters/brief.txt'],
    [1, 'python-tides.json'],
    [2, 'ports'],
    [3, 'ports.Carrow'],
    [3, 'ports.Ness'],
    [2, 'maintainers'],
  ] satisfies [number, string][],
  notes: ['content_skipped'] satisfies ['content_skipped'],
  facts: [{ text: 'Die Schule öffnet um 7:45 Uhr.', under: ['letters/brief.txt'] }],
};

export const textFiles: CorpusCase[] = [
  realCase('iconv-german-1252.txt', { ...german, notes: ['encoding_detected'] }),
  realCase('iconv-german-utf16be-bom.txt', german),
  realCase('iconv-german-utf16le.txt', { ...german, notes: ['encoding_detected'] }),
  realCase('sed-german-utf8-bom-crlf.txt', german),
  realCase('iconv-russian-1251.txt', {
    language: 'ru',
    notes: ['encoding_detected'],
    excerpts: ['Пётр Алексеевич Громов'],
  }),
  realCase('iconv-japanese-shift-jis.txt', {
    language: 'ja',
    notes: ['encoding_detected'],
    excerpts: ['午前九時から午後七時まで'],
  }),
  realCase('iconv-chinese-gb18030.txt', {
    language: 'zh',
    notes: ['encoding_detected'],
    excerpts: ['末班船晚上九点一刻离港'],
  }),
  realCase('libreoffice-budget-1252.csv', { tables: 1, excerpts: ['Roof repair', '18250'] }),
  realCase('libreoffice-seeds-utf16.csv', {
    tables: 1,
    facts: [
      {
        text: 'Variety: Bean Neckargold | Packed on: 2025-10-02 | Grams: 5400 | Germination: 97% | Organic: FALSE',
      },
    ],
  }),
  realCase('python-rain.jsonl', { facts: [{ text: 'station: Carrow\nyear: 2022\nrain_mm: 826' }] }),
  realCase('python-tides.json', {
    headings: [
      [1, 'ports'],
      [2, 'ports.Carrow'],
      [2, 'ports.Ness'],
      [1, 'maintainers'],
    ],
    facts: [{ text: 'name: Pål' }],
  }),
  realCase('python-email-offer.eml', {
    title: 'Angebot für die Überholung der „Möwe“ – Frist bis 30. April',
    language: 'de',
    notes: ['content_skipped'],
    facts: [
      { text: 'From: Jürgen Größler <juergen@werft.example>' },
      { text: '7.850 € für Rumpf und Ruder' },
    ],
    absent: ['<p>', 'Position;Preis'],
  }),
  realCase('hand-outlook.eml', {
    title: 'Crane inspection – helmets',
    excerpts: ['From: Helena Öst', 'Cc: Jörn Lindström', 'It costs € 1,150.', 'Crane 4: 10:30'],
    absent: ['MsoNormal', 'cid:'],
  }),
  realCase('hand-gmail.eml', {
    title: 'Re: Sauna am Donnerstag – 7 Gäste',
    notes: ['content_skipped'],
    excerpts: ['From: Åse Nordström', 'the keys are under the blue pot. 🌊', '> We would be seven people.'],
  }),
  realCase('hand-list-latin1.eml', {
    title: '[kites] Line for strong wind (spørgsmål)',
    excerpts: ['From: Søren Æbelø <soren@kite.example>', 'I broke two lines of 80 kg on Rømø last Sunday'],
  }),
  realCase('chromium-saved-page.html', {
    headings: [
      [1, 'Spring Catalogue'],
      [2, 'Herbs'],
      [2, 'How to order'],
      [2, 'Caring for your plants'],
      [3, 'Watering'],
      [3, 'Feeding'],
    ],
    title: 'Spring Catalogue — Fennel & Sons',
    absent: ['tracking', 'This offer ended in 2019', 'Nobody sees this line', 'saved from'],
    facts: [
      { text: 'Lovage | Levisticum officinale | 180 cm | € 3.80', under: ['Spring Catalogue', 'Herbs'] },
    ],
  }),
  realCase('info-zip-streamed.zip', box),
  realCase('7z-box.zip', box),
  realCase('python-zip64.zip', { headings: box.headings.slice(0, 8), facts: box.facts }),
];
