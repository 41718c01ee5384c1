import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { findIndicator, loadCatalogue } from '#lib/server/indicators/catalogue.ts';
import { catalogue, config } from '../support/warehouse.ts';

const ID = 'part_presentiel';
let root: string;
let yaml: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-definitions-'));
  cpSync(join(config.root, 'queries', 'indicators', ID), join(root, 'queries', 'indicators', ID), { recursive: true });
  yaml = join(root, 'queries', 'indicators', ID, 'indicator.yaml');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function edit(change: (text: string) => string): void {
  const before = readFileSync(yaml, 'utf8');
  const after = change(before);
  if (after === before) throw new Error('the mistake was not made');
  writeFileSync(yaml, after);
}

function refusal(): string {
  try {
    loadCatalogue(root);
  } catch (error) {
    expect(error).toBeInstanceOf(Refused);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a broken definition is refused, naming the file and the field', () => {
  const mistakes: [string, (text: string) => string, string][] = [
    ['an unknown key', (text) => `${text}couleur: rouge\n`, 'couleur'],
    ['a missing label', (text) => text.replace(/^libelle: .*\n/m, ''), 'libelle'],
    ['a direction that does not exist', (text) => text.replace('sens: hausse', 'sens: montante'), 'sens'],
    ['an axis that does not exist', (text) => text.replace('axes: [offre', 'axes: [ofre'), 'axes.0'],
    ['an axis that is read from another', (text) => text.replace('axes: [offre', 'axes: [intercommunalite'), 'axes.0'],
    ['an unknown aggregate', (text) => text.replace('agregat: somme', 'agregat: moyenne'), 'numerateur.agregat'],
    ['a ratio without denominator', (text) => text.replace(/^denominateur:\n( .*\n)+/m, 'denominateur: null\n'), 'denominateur'],
    ['an id that is not its folder', (text) => text.replace(`id: ${ID}`, 'id: part_distance'), 'id'],
    ['a date that is none', (text) => text.replace('valable_du: 2021-01-01', 'valable_du: 2021'), 'valable_du'],
    ['a source without section', (text) => text.replace(/^ {2}section: .*\n/m, ''), 'source.section']
  ];

  test.each(mistakes)('%s', (_name, change, field) => {
    edit(change);
    const message = refusal();
    expect(message).toContain(`queries/indicators/${ID}/indicator.yaml`);
    expect(message).toContain(`champ « ${field} »`);
    expect(message).not.toMatch(/expected|received|unrecognized/i);
  });

  test('unreadable YAML', () => {
    edit((text) => `${text}\t- [`);
    expect(refusal()).toContain(`queries/indicators/${ID}/indicator.yaml : YAML illisible`);
  });

  test('no SQL beside it', () => {
    rmSync(yaml.replace('.yaml', '.sql'));
    expect(refusal()).toContain(`queries/indicators/${ID}/indicator.sql : fichier absent`);
  });
});

test('the untouched copy is accepted', () => {
  expect([...loadCatalogue(root).keys()]).toEqual([ID]);
});

test('every indicator the commitments need is there, in the order of the pages', () => {
  const orders = [...catalogue.values()].map(({ ordre }) => ordre);
  expect(orders).toEqual([...orders].sort((a, b) => a - b));
  expect([...catalogue.keys()].slice(0, 2)).toEqual(['part_socle', 'part_accompagnement_heures']);
});

test('an unknown id lists the known ones', () => {
  expect(() => findIndicator(catalogue, 'part_soclee')).toThrow(BadRequest);
  try {
    findIndicator(catalogue, 'part_soclee');
  } catch (error) {
    expect((error as BadRequest).allowed).toEqual([...catalogue.keys()]);
  }
});
