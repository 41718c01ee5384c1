import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { KNOWLEDGE, readContext, recognise, valuesOf, VARIABLES } from '../support/context-shapes.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';

describe('a Caf’s own long extract', () => {
  it('an indicator is a code, a label or a synonym; a place a code or a name', () => {
    const text = [
      'Commune;Période;Indicateur;Valeur',
      '94028;2024-12-31;allocataires;19 350',
      'Créteil;31/12/2024;FOYERS AU RSA;2890,5',
      "SAINT MAUR DES FOSSES;2024-12;Prime d'activité;",
      'St-Mandé;2024;population;22000',
      '94067;2024;monoparents;700'
    ].join('\n');
    const read = readContext(text);
    expect(read.shape).toMatchObject({ id: 'caf_long', certain: false, needs: [] });
    expect(read.rejected).toEqual([]);
    expect(read.rows.map(({ zone, periode, variable, valeur }) => [zone, periode, variable, valeur])).toEqual([
      ['94028', '2024-12-31', 'allocataires', 19350],
      ['94028', '2024-12-31', 'rsa', 2890.5],
      ['94068', '2024-12-31', 'ppa', null],
      ['94067', '2024-01-01', 'population', 22000],
      ['94067', '2024-12-31', 'monoparents', 700]
    ]);
    expect(read.rows[0]?.source).toBe('Extrait de la Caf');
    expect(readContext(text, { answers: { source: 'Service études' } }).rows[0]?.source).toBe('Service études');
  });

  it('an unknown indicator, place, period or value is rejected with what was expected', () => {
    const text = [
      'commune;periode;indicateur;valeur',
      '94028;2024;chômeurs;12',
      'Trifouilly;2024;rsa;12',
      '94028;demain;rsa;12',
      '94028;2024;rsa;12 %',
      '33063;2024;rsa;12'
    ].join('\n');
    const { rejected, ignored } = readContext(text);
    expect(rejected).toEqual([
      { line: 2, column: 'indicateur', value: 'chômeurs', reason: expect.stringContaining('bas_revenus') },
      { line: 3, column: 'commune', value: 'Trifouilly', reason: expect.stringContaining('commune inconnue') },
      { line: 4, column: 'periode', value: 'demain', reason: expect.stringContaining('31/12/2024') },
      { line: 5, column: 'valeur', value: '12 %', reason: expect.stringContaining('nombre illisible') }
    ]);
    expect(ignored).toEqual([{ line: 6, column: null, reason: 'hors du département' }]);
  });

  it('the long rows of the house come back as they were', () => {
    const text = [
      'niveau;zone;libelle;variable;periode;valeur;arrondi;source;licence',
      'qpv;QN09402M;Les Navigateurs;rsa;2024-12-31;305;5;Cnaf, data.caf.fr;ODbL',
      'epci;200054781;Métropole;population;2023-01-01;;;Insee;Licence Ouverte 2.0',
      'pays;FR;France;population;2023-01-01;1;;Insee;'
    ].join('\n');
    const { rows, rejected } = readContext(text);
    expect(rows).toEqual([
      {
        ...{ niveau: 'qpv', zone: 'QN09402M', libelle: 'Les Navigateurs', variable: 'rsa', periode: '2024-12-31' },
        ...{ valeur: 305, arrondi: 5, source: 'Cnaf, data.caf.fr', licence: 'ODbL' }
      },
      {
        ...{ niveau: 'epci', zone: '200054781', libelle: 'Métropole', variable: 'population', periode: '2023-01-01' },
        ...{ valeur: null, arrondi: null, source: 'Insee', licence: 'Licence Ouverte 2.0' }
      }
    ]);
    expect(rejected).toMatchObject([{ line: 4, column: 'niveau', value: 'pays' }]);
  });

  it('every number written the French way is read as itself', () => {
    const spaces = fc.constantFrom(' ', '\u00a0', '\u202f', '\u2009', '');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.integer({ min: 0, max: 99 }),
        spaces,
        (whole, cents, space) => {
          const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, space);
          const written = cents === 0 ? grouped : `${grouped},${String(cents).padStart(2, '0')}`;
          const read = readContext(`commune;periode;indicateur;valeur\n94028;2024;rsa;${written}`);
          expect(read.rows[0]?.valeur).toBeCloseTo(whole + cents / 100, 6);
        }
      ),
      { numRuns: 100 * RUNS_FACTOR }
    );
  });

  it.each(['', '.', '-', 'NR', 'n.c.', 'NULL', 'secret', 's', '<5', 'non renseigné'])(
    '« %s » is unknown, not zero',
    (text) => {
      expect(readContext(`commune;periode;indicateur;valeur\n94028;2024;rsa;${text}`).rows).toMatchObject([
        { valeur: null }
      ]);
    }
  );
});

describe('a Caf’s own wide extract', () => {
  it('columns are variables by their names, with a year or not', () => {
    const text = [
      'Code Insee;Commune;RSA;Foyers à bas revenus;Population 2021;Commentaire',
      '94028;Créteil;2890;;92 265;x',
      '94XXX;Autres;1;1;1;'
    ].join('\n');
    expect(recognise(text)?.needs).toEqual(['millesime']);
    const read = readContext(text, { answers: { millesime: 2024 } });
    expect(read.shape).toMatchObject({ id: 'caf_large', certain: false });
    expect(read.rows.map(({ libelle, periode, variable, valeur }) => [libelle, periode, variable, valeur])).toEqual([
      ['Créteil', '2024-12-31', 'rsa', 2890],
      ['Créteil', '2024-12-31', 'bas_revenus', null],
      ['Créteil', '2021-01-01', 'population', 92265]
    ]);
    expect(read.ignored).toHaveLength(1);
    expect(read.shape.ignoredColumns.map(({ column }) => column)).toEqual(['Commentaire']);
    const everyYear = 'commune;RSA 2022;RSA 2023\nCréteil;1;2';
    expect(valuesOf(readContext(everyYear), 'rsa')).toEqual({ '94028 2022-12-31': 1, '94028 2023-12-31': 2 });
  });

  it('what is wrong with a place is told once, what is wrong with a value by its column', () => {
    const text = 'commune;annee;RSA;PPA\nNulle part;2024;1;2\nOrly;2024;un;2\nOrly;?;1;2';
    const { rows, rejected } = readContext(text);
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [2, 'commune'],
      [3, 'RSA'],
      [4, 'annee']
    ]);
    expect(rows).toMatchObject([{ variable: 'ppa', valeur: 2 }]);
  });

  it('other columns are read as the user says', () => {
    const text = 'Ville;Nb dossiers;Autre\nCréteil;12;3';
    expect(recognise(text)).toBeNull();
    const asked = recognise(text, { answers: { type: 'contexte' } })!;
    expect(asked).toMatchObject({ needs: ['colonnes', 'millesime'], columns: ['Ville', 'Nb dossiers', 'Autre'] });
    const answers = {
      type: 'contexte',
      millesime: 2024,
      colonnes: { ville: 'zone', 'Nb dossiers': 'rsa', Autre: '' }
    } as const;
    expect(valuesOf(readContext(text, { answers }), 'rsa')).toEqual({ '94028 2024-12-31': 12 });
    const renamed = 'commune;RSA;Vrai RSA\nCréteil;1;2';
    const said = { millesime: 2024, colonnes: { commune: 'zone', 'Vrai RSA': 'rsa' } };
    expect(valuesOf(readContext(renamed, { answers: said }), 'rsa')).toEqual({ '94028 2024-12-31': 2 });
  });
});

describe('what is no context', () => {
  it('no header of an activity extract is taken for one', () => {
    for (const type of EXTRACT_TYPES) {
      const names = EXTRACTS[type].colonnes.map(({ nom }) => nom);
      expect(recognise(`${names.join(';')}\n${names.map(() => 'x').join(';')}`), type).toBeNull();
    }
    expect(recognise('evenement;famille;commune;RSA\nE1;F1;Orly;oui')).toBeNull();
    expect(recognise('')).toBeNull();
    expect(recognise('un texte\nsans colonne')).toBeNull();
  });

  it('any text is recognised or not, and read, without an error', () => {
    const names = [
      'dtreffre',
      'numcomdo',
      'indfoy_rsa',
      'COM',
      'PMUN',
      'DEP',
      'commune',
      'valeur',
      'indicateur',
      'MOD',
      ''
    ];
    const cell = fc.oneof(
      fc.constantFrom(...names),
      fc.string({ maxLength: 6 }),
      fc.constantFrom('"', '94028', '2024-12')
    );
    const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(';'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const shape = recognise(lines.join('\n'), { answers: { millesime: 2024 } });
        if (!shape || shape.needs.length > 0) return;
        for (const outcome of shape.rows(lines.join('\n').split('\n'))) expect(outcome.line).toBeGreaterThan(0);
      }),
      { numRuns: 300 * RUNS_FACTOR }
    );
  });
});

describe('the variables', () => {
  it('no two share a name, and each is a share of one that exists', () => {
    const names = KNOWLEDGE.variables.flatMap(({ code, libelle, synonymes }) =>
      [...new Set([code, libelle, ...synonymes].map(bareName))].map((name) => ({ name, code }))
    );
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
    const codes = VARIABLES.map(({ code }) => code);
    expect(VARIABLES.filter(({ denominateur }) => denominateur && !codes.includes(denominateur))).toEqual([]);
  });
});
