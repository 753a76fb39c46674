import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, kindOfFormat } from './format-cell.ts';

test('the kind of a format is told from its number or its code', () => {
  const byCode = (code: string) => kindOfFormat(164, code);
  assert.deepEqual(
    [0, 9, 14, 20, 22, 47, 49].map(id => kindOfFormat(id, undefined)),
    ['number', 'percent', 'date', 'time', 'date', 'time', 'number'],
  );
  for (const code of ['yyyy\\-mm\\-dd', 'dd.mm.yy', '[$-409]d-mmm;@', 'mmmm', 'm/d/yyyy h:mm'])
    assert.equal(byCode(code), 'date', code);
  for (const code of ['h:mm', '[h]:mm:ss', 'mm:ss']) assert.equal(byCode(code), 'time', code);
  for (const code of ['General', '#,##0.00', '0.0 "days"', '[Red]0;0', '0\\d', '_d0'])
    assert.equal(byCode(code), 'number', code);
  assert.equal(byCode('0.0%'), 'percent');
});

test('numbers are plain, dates are ISO', () => {
  const number = (value: string) => formatNumber(value, 'number', false);
  assert.deepEqual(['0.30000000000000004', '1E3', '-2.50', '1E-7', '12345678901234567890'].map(number), [
    '0.3',
    '1000',
    '-2.5',
    '0.0000001',
    '12345678901234600000',
  ]);
  assert.deepEqual(['', 'x', '1e999'].map(number), ['', 'x', '1e999']);
  assert.equal(formatNumber('0.255', 'percent', false), '25.5%');
  const date = (value: string, is1904 = false) => formatNumber(value, 'date', is1904);
  // From Excel itself: 1 is 1900-01-01, 61 is 1900-03-01, 45292 is 2024-01-01.
  assert.deepEqual(
    ['1', '59', '61', '45292', '45292.75', '45292.999999999'].map(value => date(value)),
    ['1900-01-01', '1900-02-28', '1900-03-01', '2024-01-01', '2024-01-01T18:00:00', '2024-01-02'],
  );
  assert.equal(date('43830', true), '2024-01-01');
  assert.deepEqual([date('-1'), date('9999999999')], ['-1', '9999999999']);
  assert.deepEqual(
    ['0.5', '1.5', '0.000011574'].map(value => formatNumber(value, 'time', false)),
    ['12:00', '36:00', '00:00:01'],
  );
});

test('zeros of a format stand before a whole number', () => {
  const shown = (value: string, code: string) => formatNumber(value, kindOfFormat(164, code), false);
  const cases: [value: string, code: string, shown: string][] = [
    ['123', '00000', '00123'],
    ['123456', '00000', '123456'],
    ['0', '000', '000'],
    ['-7', '000', '-007'],
    ['1234', '000-000', '001-234'],
    ['12345678', '000-000', '12345-678'],
    ['17', '"INV-"0000', 'INV-0017'],
    ['1067', '[$-407]00000', '01067'],
    ['123456789', '000\\-00\\-0000', '123-45-6789'],
    ['12.5', '00000', '12.5'],
    ['5', '0', '5'],
    ['5', '0.00', '5'],
    ['5', '#,##0', '5'],
    ['5', '[<9]000', '5'],
    ['-5', '000;(000)', '-5'],
    ['5', '00E+00', '5'],
  ];
  for (const [value, code, expected] of cases) assert.equal(shown(value, code), expected, `${value} ${code}`);
});
