import { expect, test } from 'vitest';
import type { Cell } from '#lib/domain/cell.ts';
import type { DataTableModel } from '#lib/domain/table.ts';
import { neutralise, toCsv } from '#lib/tables/csv.ts';

const shown = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });

const model: DataTableModel = {
  caption: 'Présentiel par territoire',
  headerLabel: 'Territoire',
  columns: [
    { id: 'part', label: 'Présentiel', unit: 'part' },
    { id: 'n', label: 'Rendez-vous' },
    { id: 'note', label: 'Note' }
  ],
  rows: [
    { header: 'Créteil', cells: [shown(0.735), shown(12345), 'a;b'] },
    { header: '=cmd|calc', cells: [{ kind: 'hidden', reason: 'petit_effectif' }, shown(3), '-2,5'] }
  ],
  total: { header: 'Ensemble', cells: [shown(0.1 + 0.2), shown(12348), '@risque'] }
};

test('a file French Excel opens as it is', () => {
  expect(toCsv(model)).toBe(
    '\ufeffTerritoire;Présentiel (%);Rendez-vous;Note\r\n' +
      'Créteil;73,5;12345;"a;b"\r\n' +
      "'=cmd|calc;masqué : petit effectif;3;-2,5\r\n" +
      "Ensemble;30;12348;'@risque\r\n"
  );
});

test('a rate is written for a thousand, which its heading says once', () => {
  const rates: DataTableModel = {
    ...model,
    columns: [
      { id: 'a', label: 'Taux', unit: 'pour_mille' },
      { id: 'b', label: 'Familles pour 1 000 habitants', unit: 'pour_mille' }
    ],
    rows: [{ header: 'x', cells: [shown(0.0153), shown(0.002)] }],
    total: undefined
  };
  expect(toCsv(rates)).toBe('\ufeffTerritoire;Taux (pour 1 000);Familles pour 1 000 habitants\r\nx;15,3;2\r\n');
});

test('two columns of the same name both stay', () => {
  const twice: DataTableModel = {
    ...model,
    columns: [
      { id: 'a', label: 'Valeur' },
      { id: 'b', label: 'Valeur' }
    ],
    rows: [{ header: 'x', cells: [shown(1), shown(2)] }],
    total: undefined
  };
  expect(toCsv(twice)).toBe('\ufeffTerritoire;Valeur;Valeur 2\r\nx;1;2\r\n');
});

test('formulas are neutralised, numbers are not', () => {
  expect(['=1+1', '+33 1', '-x', '@a', '-12,5', '+3', 'ok'].map(neutralise)).toEqual([
    "'=1+1",
    "'+33 1",
    "'-x",
    "'@a",
    '-12,5',
    '+3',
    'ok'
  ]);
});
