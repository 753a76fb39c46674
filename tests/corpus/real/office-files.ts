import { type CorpusCase, type Fact, failed } from '../corpus-case.ts';
import { realCase } from './real-case.ts';

const bookTitle = 'Members’ Handbook of the Harbour Bicycle Library';
const chapters: [level: number, title: string][] = [
  [1, 'Joining the library'],
  [2, 'What a membership includes'],
  [2, 'Deposits and fees'],
  [1, 'Lending and returning'],
  [2, 'Accidents and repairs'],
  [3, 'Reporting damage'],
];
const handbook = {
  headings: [[1, bookTitle], ...chapters] satisfies [number, string][],
  tables: 1,
  pages: 0,
  title: bookTitle,
  language: 'en',
  facts: [
    { text: 'Cargo bicycle | 180 EUR | 5 EUR', under: ['Joining the library', 'Deposits and fees'] },
    { text: 'Ms Ylva Brandt', under: ['Lending and returning', 'Accidents and repairs'] },
    { text: 'The agreement is two pages long and hangs beside the door' },
  ] satisfies Fact[],
};

const tenancy = {
  headings: [
    [1, '1. The flat'],
    [1, '2. Rent'],
    [2, '2.1 Late payment'],
    [1, '3. Duties of the tenant'],
    [1, '4. Ending'],
  ] satisfies [number, string][],
  tables: 1,
  title: 'Tenancy Agreement, Quay Street 7',
  language: 'en',
  facts: [
    { text: 'Heating | 95.50 | settled each July', under: ['2. Rent'] },
    { text: 'charge 15 euros for a reminder', under: ['2. Rent', '2.1 Late payment'] },
  ] satisfies Fact[],
};

const orchard = {
  headings: [
    [1, 'Orchard Report 2025'],
    [1, 'Harvest'],
    [1, 'Prices per kilogram'],
  ] satisfies [number, string][],
  pages: 3,
  tables: 1,
  title: 'Orchard Report 2025',
  facts: [
    { text: 'Boskoop: 95 tonnes', page: 2 },
    { text: 'Pear | 1.30 | 0.14', page: 3 },
  ] satisfies Fact[],
};
const spoken: Fact = { text: 'the hail insurance paid 18,400 euros', page: 2, under: ['Harvest'] };

const budget = {
  headings: [
    [1, 'Budget 2026'],
    [1, 'Remarks'],
  ] satisfies [number, string][],
  tables: 2,
  language: 'en',
  facts: [{ text: 'Item: Roof repair | Due: 2026-04-30 | Amount: 18250', under: ['Budget 2026'] }],
};

const withPassword = failed('document_encrypted');

export const officeFiles: CorpusCase[] = [
  realCase('pandoc-handbook.docx', handbook),
  realCase('libreoffice-handbook.docx', handbook),
  realCase('pandoc-handbook.odt', handbook),
  realCase('libreoffice-handbook.odt', handbook),
  realCase('pandoc-handbook.epub', handbook),
  realCase('pandoc-handbook.html', handbook),
  realCase('pandoc-handbook.rtf', { ...handbook, headings: chapters, title: null }),
  realCase('pandoc-handbook.pptx', {
    headings: [
      [1, bookTitle],
      [1, 'Joining the library'],
      [1, 'Lending and returning'],
      [1, 'Notes'],
    ],
    pages: 4,
    tables: 1,
    facts: [
      { text: 'Tandem | 150 EUR | 4 EUR', page: 2 },
      { text: 'Ms Ylva Brandt', page: 3 },
    ],
  }),
  realCase('python-docx-tenancy.docx', {
    ...tenancy,
    headings: [[1, 'Tenancy Agreement'], ...tenancy.headings],
    absent: ['Confidential draft', 'page 1'],
  }),
  realCase('libreoffice-tenancy.rtf', { ...tenancy, absent: ['Confidential draft', 'page 1'] }),
  realCase('libreoffice-tenancy.html', tenancy),
  realCase('odfpy-minutes.odt', {
    headings: [
      [1, 'Minutes of the Choir Assembly'],
      [2, 'Decisions'],
      [2, 'Votes'],
    ],
    tables: 1,
    language: 'en',
    facts: [{ text: 'Trip to Bergen | 27 | 4', under: ['Minutes of the Choir Assembly', 'Votes'] }],
  }),
  realCase('ebooklib-novel.epub', {
    headings: [
      [1, 'The Keeper'],
      [1, 'The Ledger'],
      [1, 'The Boat'],
    ],
    title: 'The Lighthouse Ledger',
    language: 'en',
    facts: [{ text: 'He counted 14,973 lines.', under: ['The Ledger'] }],
  }),
  realCase('python-pptx-orchard.pptx', { ...orchard, facts: [...orchard.facts, spoken] }),
  realCase('libreoffice-orchard.pptx', { ...orchard, facts: [...orchard.facts, spoken] }),
  realCase('openpyxl-seeds.xlsx', {
    headings: [
      [1, 'Stock'],
      [1, 'Notes'],
    ],
    title: 'Seed stock',
    language: 'en',
    facts: [
      {
        text: 'Variety: Kale Halbhoher | Packed on: 2025-11-21 | Grams: 1200.5 | Germination: 88% | Organic: true',
      },
    ],
    absent: ['not for readers'],
  }),
  realCase('xlsxwriter-budget.xlsx', { ...budget, absent: ['a remark in a bubble'] }),
  realCase('libreoffice-budget.xlsx', budget),
  realCase('msoffcrypto-password.docx', withPassword),
  realCase('msoffcrypto-password.xlsx', withPassword),
];
