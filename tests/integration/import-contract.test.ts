import { describe, expect, it } from 'vitest';
import { EXTRACTS, EXTRACT_TYPES, type ExtractColumn, type ExtractType } from '#lib/domain/extracts.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { readConfig } from '#lib/server/config.ts';
import { codeEntries } from '#lib/server/extracts/code-lists.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { judge, type Verdict } from '../support/contract.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';
import { TestStore } from '../support/store.ts';

const KEY = 'une clé d’essai, longue de plus de seize caractères';
const ROWS = 700 * Math.min(RUNS_FACTOR, 3);
const FILES = RUNS_FACTOR > 1 ? 10 : 1;
const config = readConfig({ ...process.env, VIGIE_CAF: '94' });
const reference = loadReference(config);

const SPACES = ['', '', '', '', '', ' ', '\u00a0', '\t', '  ', '\u202f'];
const padded = (random: Random, text: string) => random.pick(SPACES) + text + random.pick(SPACES);
const two = (number: number) => String(number).padStart(2, '0');

/** A day, mostly of the past and after the 12th, in one of the forms of French files. */
function someDay(random: Random): string {
  const [year, month, day] = [random.int(2000, 2025), random.int(1, 12), random.int(random.chance(0.7) ? 13 : 1, 28)];
  const serial = Math.round((Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / 86_400_000);
  return random.pick([
    `${two(day)}/${two(month)}/${year}`,
    `${day}/${month}/${year}`,
    `${two(day)}/${two(month)}/${two(year % 100)} 14:30`,
    `${two(day)}/${two(month)}/${two(year % 100)}`,
    `${two(day)}.${two(month)}.${year}`,
    `${two(day)}-${two(month)}-${year} 9h05`,
    `${year}-${two(month)}-${two(day)}`,
    `${year}/${month}/${day}`,
    `${year}-${two(month)}-${two(day)}T08:15:00`,
    `${year}-${two(month)}-${two(day)} 08:15:00.000`,
    `${serial}`,
    `${serial},5`
  ]);
}

function someNumber(random: Random, { min = 0, max = 100, genre }: ExtractColumn): string {
  const value = random.pick([min, max, random.int(min, max)]);
  if (genre === 'entier') {
    return random.pick([
      String(value),
      `${value},0`,
      `${value}.00`,
      String(value).replace(/(\d)(?=(\d{3})+$)/g, `$1${random.pick([' ', '\u00a0', '\u202f'])}`)
    ]);
  }
  const half = Math.max(min, value - 0.25);
  return random.pick([
    String(half),
    String(half).replace('.', ','),
    `${half * 100} %`,
    `${String(half * 100)}%`,
    `+${half}`
  ]);
}

/** A cell of this column, as a careful person would write it in one of many ways. */
function goodCell(random: Random, column: ExtractColumn, row: number): string {
  const { genre, requis, liste } = column;
  if (!requis && random.chance(0.3))
    return random.pick(['', '.', 'NULL', 'NR', 'non renseigné', '-', 'n.c.', ' ', '—']);
  const cells: Record<ExtractColumn['genre'], () => string> = {
    cle: () => random.pick([`K${row}`, `00${row}`, `k ${row}é`, `A0${random.int(1, 9)}`, `'=${row}`, `n° ${row}`]),
    cles: () => random.pick(['A01|A02', 'A01', 'A01 | A02 |', 'A01||A03', 'A01|NR|A 2']),
    texte: () => random.pick(['maladie', 'QN09404M', 'à suivre', 'suivi n° 3', 'Z"é"', '0', 'total', "'=x"]),
    famille: () =>
      random.pick([`F${row}`, `f-${row}-2`, `123${1000 + row}`, `123${1000 + row} A`, '1 85 05 78 006 084 36', 'X']),
    date: () => someDay(random),
    mois: () => random.pick(['2024-12', '12/2024', '2024/3', '3-2024', someDay(random)]),
    code: () => {
      const entry = random.pick(codeEntries(reference, liste!));
      const text = random.pick([entry.code, entry.code, entry.libelle, ...entry.synonymes]);
      return random.pick([text, text.toUpperCase(), text.normalize('NFD'), `${text} `, text.replaceAll(' ', '-')]);
    },
    commune: () =>
      random.pick(['94028', 'Créteil', 'ORLY', '1004', '2a004', '75056', 'St Maurice', 'saint-maurice', '97411']),
    entier: () => someNumber(random, column),
    decimal: () => someNumber(random, column),
    booleen: () => random.pick(['oui', 'NON', 'o', 'n', 'Vrai', 'faux', '1', '0', 'TRUE', 'false'])
  };
  return cells[genre]();
}

/** What nearly is good, of any kind. */
const NEARLY = [
  ...['31/02/2024', '32/01/2024', '2024-13-01', '29/02/2023', '29/02/2024', '12/31/2024', '31/12/1999', '01/01/2000'],
  ...['15/01/2026', '16/01/2026', '2026-02-01', '31/12/24 2', '31/12/024', '1999-12', '13/2024', '00/2024', '2026-01'],
  ...['2026-02', '36526', '36525', '46037', '46038', '4565', '456570', '31/12/24  ', '31/1/2024 ', '2024-1-31 '],
  ...[
    '-1',
    '-0',
    '1441',
    '1440',
    '1 440',
    '10001',
    '744,01',
    '744',
    '1,0001',
    '1.5',
    '12,5,3',
    '1.234,5',
    '101 %',
    '1e3'
  ],
  ...['NaN', 'inf', '-Infinity', '1_000', '0x10', '٣', '½', '1 %', '%', '+', '1 2', '.5', '5.', ',5'],
  ...['94999', '94028 ', '9402', '940288', '2C004', '94O28', 'Lyon', 'Cretail', '02a04', '0', '00000'],
  ...['présentiel', 'presentiell', 'honore ', 'AS', 'as', 'A.S.', 'oui ', 'peut-être', 'vrai/faux', 'prévu', 'PREVU'],
  ...['06 12 34 56 78', 'jeanne@exemple.fr', '1850578006084', '1 85 05 78 006 084', '1234567', '1234567X', 'Dupont'],
  ...['Total', 'Totaux 2024', 'Sous-total', 'Ensemble', 'ensemble du site', 'Totale', '« Total »', 'TOTAL GÉNÉRAL'],
  ...[
    '|',
    ' | ',
    '||',
    'A01|06 12 34 56 78',
    '"',
    '""',
    "'",
    "'=",
    'NULL ',
    ' NR',
    'nc',
    'N.C.',
    'null|null',
    '#N/A',
    '–'
  ]
];

const ALPHABET = [...'aAzZ0189 .,;:/-_|"\'=+@%#é€œ\u00a0\u202f\t\\(){}$?*'];

function badCell(random: Random): string {
  if (random.chance(0.8)) return random.pick(NEARLY);
  return Array.from({ length: random.int(0, 12) }, () => random.pick(ALPHABET)).join('');
}

interface Drawn {
  columns: string[];
  rows: string[][];
}

function drawRows(type: ExtractType, file: number): Drawn {
  const random = stream(file, 'contrat', type);
  const columns = random.shuffle(EXTRACTS[type].colonnes.map(({ nom }) => nom));
  const byName = new Map(EXTRACTS[type].colonnes.map((column) => [column.nom, column]));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const bad = random.weighted({ aucune: 0.45, une: 0.4, plusieurs: 0.13, vide: 0.02 });
    if (bad === 'vide') return columns.map(() => random.pick(['', ' ', '\u00a0']));
    const at = random.int(0, columns.length - 1);
    return columns.map((nom, place) => {
      const wrong = bad === 'une' ? place === at : bad === 'plusieurs' && random.chance(0.4);
      const cell = wrong ? badCell(random) : goodCell(random, byName.get(nom)!, index);
      return random.chance(0.2) ? padded(random, cell) : cell;
    });
  });
  return { columns, rows };
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const csv = ({ columns, rows }: Drawn) => [columns, ...rows].map((row) => row.map(quoted).join(';')).join('\n') + '\n';

async function importVerdicts(type: ExtractType, drawn: Drawn): Promise<Verdict[]> {
  const store = new TestStore(KEY);
  const report = await store.accept(`${type}.csv`, csv(drawn), { type });
  expect(report.lecture?.dates).toBe('jj/mm');
  const { colonnes } = EXTRACTS[type];
  const select = colonnes.map(({ nom, genre }) =>
    ['date', 'mois'].includes(genre) ? `${nom}::varchar as ${nom}` : nom
  );
  const verdicts: Verdict[] = drawn.rows.map(() => ({ verdict: 'ignoree' }));
  for (const { _ligne, ...values } of await store.rows(report.lot, 'accepted', `${select.join(', ')}, _ligne`))
    verdicts[(_ligne as number) - 2] = { verdict: 'acceptee', valeurs: Object.values(values) as never };
  const faults = new Map<number, string[]>();
  for (const { ligne, colonne } of await store.rows(report.lot, 'rejected', 'ligne, colonne'))
    faults.set(ligne as number, [...(faults.get(ligne as number) ?? []), colonne as string]);
  for (const [ligne, columns] of faults) {
    expect(verdicts[ligne - 2]).toEqual({ verdict: 'ignoree' });
    verdicts[ligne - 2] = { verdict: 'rejetee', colonnes: columns };
  }
  expect(report.rejetees).toBe(faults.size);
  return verdicts;
}

describe('rows are judged by SQL as by the contract', () => {
  it.each(EXTRACT_TYPES)('%s', async (type) => {
    const seen = { acceptee: 0, rejetee: 0, ignoree: 0 };
    for (let file = 1; file <= FILES; file++) {
      const drawn = drawRows(type, file);
      const expected = drawn.rows.map(judge(type, drawn.columns, { reference, today: config.today, key: KEY }));
      const given = await importVerdicts(type, drawn);
      const different = expected
        .map((verdict, i) => ({
          row: Object.fromEntries(drawn.columns.map((nom, c) => [nom, drawn.rows[i]![c]])),
          verdict,
          sql: given[i]
        }))
        .filter(({ verdict, sql }) => JSON.stringify(verdict) !== JSON.stringify(sql));
      expect(different.slice(0, 12)).toEqual([]);
      for (const { verdict } of given) seen[verdict]++;
    }
    // The draw is worth something: each verdict comes up.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  });
});
