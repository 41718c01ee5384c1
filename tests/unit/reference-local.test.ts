import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REFERENCE_TABLES, type WrittenRow } from '#lib/domain/reference-tables.ts';
import { readConfig } from '#lib/server/config.ts';
import { changeRows, checkedRequest, type ChangeRequest } from '#lib/server/reference/change.ts';
import { appendChange, journalPath, readChanges, withoutChange } from '#lib/server/reference/change-journal.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { tableText, writtenRows } from '#lib/server/reference/local-tables.ts';
import { WrongReference } from '#lib/server/reference/mistakes.ts';

const config = readConfig({});
const shipped = loadReference(config);
let store = '';
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'vigie-referentiel-'));
  mkdirSync(join(store, 'referentiel'));
});
afterEach(() => rmSync(store, { recursive: true }));

const write = (table: string, text: string) => writeFileSync(join(store, 'referentiel', `${table}.csv`), text);
const load = (folder = store) => loadReference(config, { local: { store: folder } });
const offres = writtenRows(shipped, 'offres');

describe('local tables', () => {
  it('are written so that they read back as they were, every one of them', () => {
    for (const table of REFERENCE_TABLES) write(table, tableText(table, writtenRows(shipped, table)));
    const { empreinte, ...local } = load();
    const { empreinte: other, ...data } = shipped;
    expect(local).toEqual(data);
    expect(empreinte).not.toBe(other);
  });

  it('hold any text in a cell', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => one.trim() === one && one !== '');
    const readable = text.filter((one) => !/[\ud800-\udfff\r]/.test(one));
    fc.assert(
      fc.property(readable, (source) => {
        const rows = offres.map((row, index) => (index === 0 ? { ...row, source } : row));
        write('offres', tableText('offres', rows));
        expect(load().offres[0]!.source).toBe(source);
      }),
      { numRuns: 60 }
    );
  });

  it('take the place of the shipped table alone, in the data version wherever the store is', () => {
    write(
      'offres',
      tableText(
        'offres',
        offres.map((row) => ({ ...row, valable_au: row.valable_au || '2030-01-01' }))
      )
    );
    const { offres: local, lieux, empreinte } = load();
    expect(new Set(local.map(({ valable_au }) => valable_au))).toEqual(new Set(['2019-07-03', '2030-01-01']));
    expect(lieux).toEqual(shipped.lieux);
    const copy = `${store}-copie`;
    cpSync(store, copy, { recursive: true });
    expect(load(copy).empreinte).toBe(empreinte);
    rmSync(copy, { recursive: true });
    expect(loadReference(config).empreinte).toBe(shipped.empreinte);
  });

  it('are checked as the shipped ones are, with their own name', () => {
    write('territoires', tableText('territoires', writtenRows(shipped, 'territoires').slice(1)));
    expect(() => load()).toThrow(/« creteil » n'existe pas dans VIGIE_DATA\/referentiel\/territoires\.csv/);
    write('territoires', 'territoire,libelle\n');
    expect(() => load()).toThrow(WrongReference);
  });
});

const request = (change: Partial<ChangeRequest>): ChangeRequest => ({
  ...{ table: 'offres', geste: 'modifier', cle: 'separation', effet: '2026-01-01', valeurs: {}, etat: '' },
  ...{ auteur: 'Direction', motif: 'Essai', source: 'Note' },
  ...change
});

describe('a change of rows', () => {
  const changed = (change: Partial<ChangeRequest>) => changeRows(offres, checkedRequest(request(change)));
  const of = (rows: WrittenRow[], offre: string) =>
    rows
      .filter((row) => row.offre === offre)
      .map(({ socle, valable_du, valable_au }) => [socle, valable_du, valable_au]);

  it('closes the row in force and opens another', () => {
    expect(of(changed({ valeurs: { socle: 'non' } }).rows, 'separation')).toEqual([
      ['oui', '2009-10-01', '2026-01-01'],
      ['non', '2026-01-01', '']
    ]);
  });

  it('within the past, keeps the rows that follow', () => {
    const { rows } = changed({ cle: 'non_decence', effet: '2015-01-01', valeurs: { socle: 'non' } });
    expect(of(rows, 'non_decence')).toEqual([
      ['oui', '2009-10-01', '2015-01-01'],
      ['non', '2015-01-01', '2019-07-03'],
      ['non', '2019-07-03', '']
    ]);
  });

  it('on the first day of a row, corrects it in place', () => {
    const { rows } = changed({ cle: 'parents_seuls', effet: '2021-01-01', valeurs: { socle: 'non' } });
    expect(of(rows, 'parents_seuls')).toEqual([['non', '2021-01-01', '']]);
  });

  it('adds a row before those of its key, which it does not overlap', () => {
    const { rows } = changed({
      geste: 'ajouter',
      cle: 'parents_seuls',
      effet: '2020-01-01',
      valeurs: { socle: 'non' }
    });
    expect(of(rows, 'parents_seuls')).toEqual([
      ['oui', '2021-01-01', ''],
      ['non', '2020-01-01', '2021-01-01']
    ]);
  });

  it.each([
    ['65,5 %', '0.655'],
    ['0,8', '0.8'],
    ['1 234', '1234'],
    ['', ''],
    ['six', 'six']
  ])('reads « %s » as %s', (typed, written) => {
    const objectif = request({ table: 'objectifs', cle: 'part_socle|', valeurs: { valeur: typed } });
    expect(checkedRequest(objectif).valeurs).toEqual({ valeur: written });
  });
});

describe('the journal of changes', () => {
  const change = (empreinte_avant: string, empreinte_apres: string) => ({
    ...{
      instant: '2026-01-15T08:00:00.000Z',
      auteur: 'Direction',
      table: 'offres' as const,
      geste: 'modifier' as const
    },
    ...{ cle: 'separation', effet: '2026-01-01', motif: 'Essai', source: 'Note', avant: [], apres: [] },
    ...{ empreinte_avant, empreinte_apres }
  });
  const told = (current: string) =>
    readChanges(store, () => current).changes.map(({ empreinte_apres }) => empreinte_apres);

  it('leaves out the changes that left no trace, and only these', () => {
    for (const [from, to] of ['ab', 'bc', 'bd', 'da']) appendChange(store, change(from!, to!));
    // b → c was cut before its table: the next change still found b. d → a went back to where all began.
    expect(told('a')).toEqual(['b', 'd', 'a']);
    expect(told('d')).toEqual(['b', 'd']);
  });

  it('names the lines that cannot be read, and goes on after one cut short', () => {
    writeFileSync(journalPath(store), '{"table":"off');
    appendChange(store, change('a', 'b'));
    expect(readChanges(store, () => 'b')).toMatchObject({ illisibles: [1], changes: [{ empreinte_apres: 'b' }] });
  });

  it('gives back the rows of before, unless they changed since', () => {
    const { rows, avant, apres } = changeRows(offres, checkedRequest(request({ valeurs: { socle: 'non' } })));
    const last = { ...change('a', 'b'), avant, apres };
    expect(withoutChange(rows, last)).toEqual(offres);
    expect(withoutChange(offres, last)).toBeNull();
  });
});
