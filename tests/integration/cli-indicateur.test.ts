import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fails, json, testFolder, vigie, vigieHere } from '../support/cli.ts';
import { writeSmallExtracts } from '../support/small-extracts.ts';

const folder = testFolder();
const store = join(folder, 'store');

beforeAll(async () => {
  expect((await vigieHere(store, ['import', ...writeSmallExtracts(folder)])).code).toBe(0);
});

interface Figure {
  axes: Record<string, string | null>;
  numerateur: number | null;
  denominateur: number;
  valeur: number | null;
  p90?: number | null;
}
interface Answer {
  indicateur: string;
  unite: string;
  periode: { du: string; au: string };
  version: string;
  lignes: (Figure & { reference: Figure | null })[];
  total: Figure & { reference: Figure | null };
}
const ask = (...args: string[]) => json<Answer>(store, ['indicateur', 'part_presentiel', ...args]);
const target = { objectif: 0.7 };
const nothing = { numerateur: 0, denominateur: 0, valeur: null, ...target, statut: 'non_evaluable' };

describe('indicateur', () => {
  it('answers with exactly the fields of the contract', async () => {
    const args = ['part_presentiel', '--periode', '2025-T2', '--par', 'territoire', '--comparer', 'n-1'];
    const answer = await json<Answer>(store, ['indicateur', ...args], 0, vigie);
    const axes = (territoire: string | null) => ({ axes: { territoire } });
    expect(answer).toEqual({
      indicateur: 'part_presentiel',
      unite: 'part',
      periode: { du: '2025-04-01', au: '2025-07-01' },
      version: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      lignes: [
        {
          ...axes('creteil'),
          ...{ numerateur: 2, denominateur: 3, valeur: 2 / 3, ...target, statut: 'non_atteint' },
          reference: {
            ...axes('creteil'),
            ...{ numerateur: 0, denominateur: 1, valeur: 0, ...target, statut: 'non_atteint' }
          }
        },
        {
          ...axes('orly'),
          ...{ numerateur: 1, denominateur: 2, valeur: 0.5, ...target, statut: 'non_atteint' },
          reference: { ...axes('orly'), ...nothing }
        },
        {
          ...axes(null),
          ...{ numerateur: 1, denominateur: 1, valeur: 1, ...target, statut: 'atteint' },
          reference: { ...axes(null), ...nothing }
        }
      ],
      total: {
        axes: {},
        ...{ numerateur: 4, denominateur: 6, valeur: 4 / 6, ...target, statut: 'non_atteint' },
        reference: { axes: {}, numerateur: 0, denominateur: 1, valeur: 0, ...target, statut: 'non_atteint' }
      }
    });
  });

  it('reads every form of period, cumul and comparison', async () => {
    const cases: [string[], string, string, string, string | null][] = [
      [['2025-05'], '2025-05-01', '2025-06-01', '1/2', null],
      [['2025'], '2025-01-01', '2026-01-01', '5/7', null],
      [['2025-S1'], '2025-01-01', '2025-07-01', '4/6', null],
      [['2025-04-15..2025-06-30'], '2025-04-15', '2025-06-30', '2/4', null],
      [['2025-T3', '--cumul', 'annee'], '2025-01-01', '2025-10-01', '5/7', null],
      [['2025-T1', '--cumul', '12mois'], '2024-04-01', '2025-04-01', '0/1', null],
      [['2025-T3', '--cumul', 'trimestre', '--comparer', 'precedente'], '2025-07-01', '2025-10-01', '1/1', '4/6'],
      [['2025-T3', '--cumul', 'annee', '--comparer', 'precedente'], '2025-01-01', '2025-10-01', '5/7', '4/6']
    ];
    const text = (figure: Figure | null) => figure && `${figure.numerateur}/${figure.denominateur}`;
    for (const [args, du, au, total, reference] of cases) {
      const answer = await ask('--periode', ...args);
      const told = { ...answer.periode, total: text(answer.total), reference: text(answer.total.reference) };
      expect({ args, ...told }).toEqual({ args, du, au, total, reference });
    }
  });

  it('breaks down by several axes and time, and filters on several values', async () => {
    const lines = ({ lignes }: Answer) =>
      lignes.map(({ axes, numerateur, denominateur }) => [...Object.values(axes), `${numerateur}/${denominateur}`]);
    const period = ['--periode', '2025-T2'];
    const asked: [string[], (string | null)[][]][] = [
      [
        [...period, '--par', 'mois,territoire'],
        [
          ['2025-04', 'creteil', '1/1'],
          ['2025-04', null, '1/1'],
          ['2025-05', 'creteil', '1/2'],
          ['2025-06', 'orly', '1/2']
        ]
      ],
      [
        ['--periode', '2024-01-01..2026-01-01', '--par', 'annee'],
        [
          ['2024', '0/1'],
          ['2025', '5/7']
        ]
      ],
      [
        ['--periode', '2025', '--par', 'trimestre'],
        [
          ['2025-T1', '0/0'],
          ['2025-T2', '4/6'],
          ['2025-T3', '1/1'],
          ['2025-T4', '0/0']
        ]
      ],
      [
        [
          ...[...period, '--filtre', 'territoire=orly,non_renseigne'],
          ...['--filtre', 'nature=information_conseil', '--par', 'commune']
        ],
        [
          ['75056', '1/1'],
          ['94054', '1/2']
        ]
      ],
      [[...period, '--filtre', 'agent=A01', '--par', 'agent,offre'], [['A01', 'separation', '2/3']]]
    ];
    for (const [args, expected] of asked) expect(lines(await ask(...args))).toEqual(expected);
  });

  it('gives the median and p90 of a quantile, and numbers unrounded', async () => {
    // I1 lasted from 2024-03-01 to 2025-05-30: 365 + 90 = 455 days.
    const { total } = await json<Answer>(store, ['indicateur', 'duree_as', '--periode', '2025-T2']);
    expect(total).toMatchObject({ numerateur: null, denominateur: 1, valeur: 455 / 30.4375, p90: 455 / 30.4375 });
  });

  it('prints a table and a CSV in the order of the axes asked', async () => {
    const args = ['indicateur', 'part_presentiel', '--periode', '2025-T2', '--par', 'mois,territoire', '--format'];
    const csv = await vigie(store, [...args, 'csv']);
    expect(csv).toMatchObject({ code: 0, stderr: '' });
    expect(csv.stdout.replace('\ufeff', '').split(/\r?\n/).slice(0, 3)).toEqual([
      'mois;territoire;numerateur;denominateur;valeur;objectif;statut;reference',
      '2025-04;creteil;1;1;1;0,7;atteint;',
      '2025-04;;1;1;1;0,7;atteint;'
    ]);
    const table = await vigieHere(store, [...args, 'table']);
    expect(table.stdout).toMatch(/^mois +territoire +numerateur/);
    expect(table.stdout).toMatch(/\nTotal +4 +6 +0,6667 +0,7 +non_atteint\n$/);
  });

  it('refuses what does not exist with the list of what does', async () => {
    const period = ['--periode', '2025-T2'];
    const of = (...args: string[]) => ['indicateur', 'part_presentiel', ...args];
    const cases: [string[], RegExp][] = [
      [['indicateur', 'rien', ...period], /« rien » n'existe pas\.\nValeurs admises : .*part_presentiel/],
      [['indicateur', ...period], /Un indicateur, et un seul/],
      [of(), /La période manque/],
      [of('--periode', '2025-T5'), /« 2025-T5 » n'est pas une période\.\nValeurs admises : 2025-T2/],
      [of('--periode', '2025-02-01..2025-02-01'), /n'est pas une période/],
      [of(...period, '--periode', '2024'), /--periode est donnée deux fois/],
      [of(...period, '--par', 'planete'), /« planete » n'est pas .*\nValeurs admises : offre,.*annee\./],
      [of(...period, '--par', 'territoire,'), /Valeurs admises : offre/],
      [of(...period, '--filtre', 'planete=mars'), /« planete » n'est pas un axe .*\nValeurs admises : offre/],
      [of(...period, '--filtre', 'territoire=mars'), /« mars » .*\nValeurs admises : creteil, orly, champigny/],
      [of(...period, '--filtre', 'territoire'), /n'a pas de valeur/],
      [of(...period, '--cumul', 'mois'), /Valeurs admises : trimestre, annee, 12mois/],
      [of(...period, '--comparer', 'n-2'), /Valeurs admises : n-1, precedente/],
      [of(...period, '--format', 'xml'), /Valeurs admises : json, csv, table/],
      [of(...period, '--couleur', 'bleu'), /« --couleur » .*\nValeurs admises : --periode,/]
    ];
    for (const [args, told] of cases) await fails(store, args, 2, told);
  });

  it('has no answer, exit 1, by an axis the indicator lacks', async () => {
    const of = (...args: string[]) => ['indicateur', 'part_temps_individuel', '--periode', '2025-T2', ...args];
    await fails(store, of('--par', 'offre'), 1, /n'est pas ventilable par offre/, {}, vigie);
    await fails(store, of('--filtre', 'offre=separation'), 1, /n'est pas ventilable par offre/);
  });

  it('answers nothing, not a crash, on an empty store', async () => {
    const empty = join(folder, 'vide');
    const share = await json<Answer>(empty, [
      'indicateur',
      'part_presentiel',
      '--periode',
      '2025',
      '--par',
      'territoire'
    ]);
    expect(share).toMatchObject({
      lignes: [],
      total: { numerateur: 0, denominateur: 0, valeur: null, reference: null }
    });
    const median = await json<Answer>(empty, ['indicateur', 'duree_as', '--periode', '2025', '--comparer', 'n-1']);
    expect(median.total).toMatchObject({ denominateur: 0, valeur: null, p90: null, reference: { valeur: null } });
  });
});
