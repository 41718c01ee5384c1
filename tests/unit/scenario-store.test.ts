import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  deleteScenario,
  readScenarios,
  saveScenario,
  scenariosFolder,
  type ScenarioContent
} from '#lib/server/scenarios/scenario-store.ts';

let store = '';
beforeEach(() => (store = mkdtempSync(join(tmpdir(), 'vigie-scenarios-'))));
afterEach(() => rmSync(store, { recursive: true }));

const content: ScenarioContent = {
  genre: 'sectorisation',
  nom: 'Bonneuil à Orly',
  auteur: 'Direction',
  enregistre_le: '2026-01-15T10:00:00.000Z',
  version: 'abc',
  au: '2026-04-01',
  deplacements: [{ commune: '94011', de: 'creteil', vers: 'orly' }]
};
const files = () => readdirSync(scenariosFolder(store));

it('keeps a scenario, gives it back, the latest first, and removes it', () => {
  expect(readScenarios(store)).toEqual({ scenarios: [], damaged: [] });
  const first = saveScenario(store, content);
  const second = saveScenario(store, { ...content, nom: 'Autre', enregistre_le: '2026-01-15T11:00:00.000Z' });
  expect(readScenarios(store)).toEqual({ scenarios: [second, first], damaged: [] });
  expect(first).toEqual({ ...content, id: first.id });
  expect(files().sort()).toEqual([`${first.id}.json`, `${second.id}.json`].sort());
  expect(deleteScenario(store, first.id)).toEqual(content);
  expect(readScenarios(store).scenarios).toEqual([second]);
  expect(() => deleteScenario(store, first.id)).toThrow('n’existe pas');
});

it('never makes a path of what a form says', () => {
  saveScenario(store, { ...content, nom: '../../../etc/passwd' });
  expect(files()).toEqual([expect.stringMatching(/^[0-9a-f]{16}\.json$/)]);
  writeFileSync(join(store, 'courant.json'), '{}');
  for (const id of ['../courant', '__proto__', '', '0123456789abcdef/../../courant'])
    expect(() => deleteScenario(store, id)).toThrow('n’existe pas');
  expect(readFileSync(join(store, 'courant.json'), 'utf8')).toBe('{}');
});

it('names the files that are no scenario, and still gives the others', () => {
  const kept = saveScenario(store, content);
  const write = (name: string, text: string) => writeFileSync(join(scenariosFolder(store), name), text);
  write('0000000000000001.json', '{"genre":"sectoris');
  write('0000000000000002.json', JSON.stringify({ ...content, genre: 'charge' }));
  write('0000000000000003.json', JSON.stringify({ ...content, au: '2026-02-31' }));
  write('0000000000000004.json', 'null');
  write('0000000000000005.json', `"${'x'.repeat(1_000_001)}"`);
  write('copie de.json', JSON.stringify(content));
  write('0000000000000006.json.123.tmp', 'left by a crash');
  mkdirSync(join(scenariosFolder(store), '0000000000000007.json'));
  const { scenarios, damaged } = readScenarios(store);
  expect(scenarios).toEqual([kept]);
  expect(damaged).toEqual([...[1, 2, 3, 4, 5, 7].map((n) => `000000000000000${n}.json`), 'copie de.json']);
  expect(deleteScenario(store, '0000000000000001')).toBeNull();
});

it('refuses what its file would not hold, and more than two hundred of them', () => {
  expect(() => saveScenario(store, { ...content, nom: 'x'.repeat(81) })).toThrow();
  expect(() => saveScenario(store, { ...content, deplacements: [] })).toThrow();
  expect(() => saveScenario(store, { ...content, inconnu: 1 } as ScenarioContent)).toThrow();
  for (let i = 0; i < 200; i++) saveScenario(store, content);
  expect(() => saveScenario(store, content)).toThrow('200 scénarios sont déjà gardés');
});
