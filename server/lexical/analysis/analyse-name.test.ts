import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseName } from './analyse-name.ts';

const cases: [name: string, terms: string][] = [
  ['employee_handbook.pdf', 'employe handbook'],
  ['3M_2018_10K.pdf', '3 m 3m 2018 10 k 10k'],
  ['3M_FY22_10-K.pdf', '3 m 3m fy 2022 10 k 10k'],
  ["Report Q3'22.docx", 'report q 3 q3 2022'],
  ["accounts '98.xlsx", 'account 1998'],
  ['AnnualReport2019.pdf', 'annual report 2019 annualreport2019'],
  ['v1.2.txt', 'v 1.2 v1.2'],
  ['.env', 'env'],
  ['Änderung.md', 'anderung'],
  ['年度报告.pdf', '年度 度报 报告'],
  ['', ''],
];
for (const [name, terms] of cases)
  test(`terms of the name "${name}"`, () => {
    assert.deepEqual(analyseName(name), terms === '' ? [] : terms.split(' '));
  });
