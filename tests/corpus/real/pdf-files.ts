import { type CorpusCase, failed } from '../corpus-case.ts';
import { realCase } from './real-case.ts';

const catalogue = {
  headings: [
    [1, 'Spring Catalogue'],
    [2, 'Herbs'],
    [2, 'How to order'],
    [2, 'Caring for your plants'],
    [3, 'Watering'],
    [3, 'Feeding'],
  ] satisfies [number, string][],
  tables: 1,
  pages: 2,
  title: 'Spring Catalogue — Fennel & Sons',
  language: 'en',
  facts: [
    {
      text: 'Lovage | Levisticum officinale | 180 cm | € 3.80',
      page: 1,
      under: ['Spring Catalogue', 'Herbs'],
    },
    {
      text: 'two litres a day in July',
      page: 2,
      under: ['Spring Catalogue', 'Caring for your plants', 'Watering'],
    },
  ],
  absent: ['This offer ended in 2019', 'Nobody sees this line'],
};

const manual = {
  headings: [
    [1, 'Operating Manual of the Ness Lock'],
    [2, '1. Filling the lock'],
    [3, '1.1. Signals'],
    [2, '2. When a gate does not move'],
    [2, '3. Winter'],
  ] satisfies [number, string][],
  tables: 1,
  pages: 2,
  title: null,
  language: 'en',
  facts: [
    { text: 'three short | stop at once | 3', page: 1 },
    { text: 'closed for nineteen days', page: 2, under: ['Operating Manual of the Ness Lock', '3. Winter'] },
  ],
  absent: ['-2-'],
};

const statement = {
  headings: [
    [2, 'Fen Electric Cooperative'],
    [1, 'Statement for January'],
    [1, 'Statement for February'],
    [1, 'Statement for March'],
  ] satisfies [number, string][],
  tables: 3,
  pages: 3,
  title: 'Statement 2026',
  language: 'en',
  facts: [
    { text: '15 January | 40255 | 17', page: 1 },
    { text: 'The final sum of 214.70 euros is due on 15 April.', page: 3, under: ['Statement for March'] },
  ],
  absent: ['of 3'],
};

export const pdfFiles: CorpusCase[] = [
  realCase('chromium-catalogue.pdf', catalogue),
  realCase('weasyprint-catalogue.pdf', catalogue),
  realCase('groff-manual.pdf', manual),
  realCase('ghostscript-manual.pdf', manual),
  realCase('qpdf-linearised-object-streams.pdf', manual),
  realCase('reportlab-statement.pdf', statement),
  realCase('qpdf-rotated-page.pdf', statement),
  realCase('qpdf-owner-password.pdf', statement),
  realCase('qpdf-password.pdf', failed('document_encrypted')),
  realCase('pillow-scan.pdf', failed('document_without_text')),
  realCase('pdflatex-two-columns.pdf', {
    tables: 1,
    pages: 1,
    language: 'en',
    // Words that were divided at line ends, ligatures, and the columns one after the other.
    excerpts: [
      'waves, predators and silt influence the animals in ways that no laboratory reproduces sufficiently.',
      'Outer reef | 36 | 154',
      '3 Results',
      'a tenth of those of a sand filter.',
      'The Wolff Foundation paid',
    ],
    facts: [
      {
        text: 'Pier | 24 | 188',
        page: 1,
        under: ['On the Efficient Filtering of Mussel Beds', '2 Methods', '2.2 Fields'],
      },
    ],
  }),
  realCase('fpdf2-timetable.pdf', {
    headings: [[1, 'Rozkład promów – Żółta Wyspa']],
    tables: 1,
    language: 'pl',
    facts: [{ text: '7:15 | 7:50 | tylko w dni robocze', page: 1 }],
  }),
  realCase('libreoffice-orchard.pdf', {
    pages: 3,
    tables: 1,
    facts: [{ text: 'Apple | 0.92 | 0.11', page: 3 }],
  }),
  realCase('libreoffice-tenancy-pdfa.pdf', {
    pages: 2,
    tables: 1,
    title: 'Tenancy Agreement, Quay Street 7',
    facts: [{ text: 'three months’ notice', page: 2, under: ['4. Ending'] }],
  }),
  realCase('chromium-scripts.pdf', {
    title: 'Museum notice',
    excerpts: ['月曜日は休館です。入館料は大人六百円、子供は無料です。', '三月十日开放', 'Музей открыт'],
  }),
  realCase('chromium-right-to-left.pdf', {
    headings: [
      [1, 'تعليمات المكتبة'],
      [2, 'הוראות הספרייה'],
    ],
    excerpts: ['تفتح المكتبة أبوابها من الساعة التاسعة صباحا.', 'מותר לשאול חמישה ספרים לשבועיים.'],
  }),
];
