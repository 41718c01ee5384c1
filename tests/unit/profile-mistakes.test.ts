import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importProfileSchema, type ImportProfile } from '#lib/domain/import-profile.ts';
import { readConfig } from '#lib/server/config.ts';
import { codeEntries, codeMap } from '#lib/server/extracts/code-lists.ts';
import { findProfile, loadProfiles, parseProfile, saveProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { proposeColumns } from '#lib/server/extracts/profiles/propose-columns.ts';
import { proposeValues } from '#lib/server/extracts/profiles/propose-values.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';

const reference = loadReference(readConfig({}));
const PROFILE: ImportProfile = {
  profil: 'essai',
  libelle: 'Essai',
  type: 'interventions',
  colonnes: { intervention: 'Dossier' },
  valeurs: {},
  constantes: {}
};
const refused = (changes: Partial<ImportProfile>) => !importProfileSchema.safeParse({ ...PROFILE, ...changes }).success;

let folders: { root: string; store: string };
const own = () => join(folders.store, 'referentiel', 'profils');
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-profiles-'));
  folders = { root: join(folder, 'root'), store: join(folder, 'store') };
  mkdirSync(own(), { recursive: true });
});
afterEach(() => rmSync(join(folders.root, '..'), { recursive: true }));

describe('a profile that says something wrong', () => {
  it('gives no code that the list lacks: its rows are rejected, not stored', () => {
    const own = new Map([
      ['01', 'acompagnement'],
      ['02', 'information_conseil'],
      ['IC', 'inconnu']
    ]);
    const map = codeMap(reference, 'natures', own);
    expect(map).not.toContain("acompagnement'");
    expect(map).not.toContain("'ic'");
    expect(map).toContain("'02': 'information_conseil'");
  });

  it('is refused with a header of no letter, which would name every blank column', () => {
    expect(refused({ colonnes: { issue: '—' } })).toBe(true);
    expect(refused({ colonnes: { issue: 'N°' } })).toBe(false);
  });

  it('is refused when one word has two codes', () => {
    const words = (nature: Record<string, string>) => refused({ valeurs: { nature } });
    expect(words({ Suivi: 'accompagnement', SUIVI: 'information_conseil' })).toBe(true);
    expect(words({ Suivi: 'accompagnement', SUIVI: 'accompagnement', '01': 'information_conseil' })).toBe(false);
  });

  it('has each unknown key told with its line, and only the first mistakes', () => {
    const head = 'profil: essai\nlibelle: Essai\ntype: absences\n';
    expect(() => parseProfile(`${head}couleur: bleu\n`, 'f')).toThrow('f, ligne 4, champ « couleur »');
    const keys = Array.from({ length: 500 }, (_, index) => `a${index}: b`).join('\n');
    expect(() => parseProfile(head + keys, 'f')).toThrow('f : et 480 autres erreurs.');
  });
});

describe('the folder of own profiles', () => {
  it('may hold what cannot be read: the others serve', () => {
    saveProfile(folders.store, PROFILE);
    mkdirSync(join(own(), 'dossier.yaml'));
    const { profiles, problems } = loadProfiles(folders);
    expect(profiles.map(({ profil }) => profil)).toEqual(['essai']);
    expect(problems).toEqual([expect.stringContaining('dossier.yaml : ce fichier ne se lit pas')]);
  });

  it('keeps the profile saved last, whatever file held one of its name', () => {
    writeFileSync(join(own(), 'vieux.yaml'), 'profil: essai\nlibelle: Vieux\ntype: absences\n');
    saveProfile(folders.store, PROFILE);
    expect(findProfile(folders, 'essai').libelle).toBe('Essai');
    expect(existsSync(join(own(), 'vieux.yaml'))).toBe(false);
  });
});

describe('the assistant', () => {
  it('hears a no at the end', () => {
    const proposed = (text: string) => proposeValues(codeEntries(reference, 'statuts'), [text]).get(text);
    for (const text of ['Honoré (N)', 'Honoré : N', 'RDV honoré N', 'honoré=n']) {
      expect(proposed(text), text).not.toBe('honore');
    }
    expect(proposed('Honoré')).toBe('honore');
  });

  it('proposes no column of sentences', () => {
    const rows = Array.from({ length: 20 }, (_, row) => [`Madame ${row} a quitté son mari et garde les enfants`]);
    expect(proposeColumns('interventions', ['Issue'], rows, reference).get('issue')).toMatchObject({ position: null });
    const codes = Array.from({ length: 20 }, (_, row) => [['Fin de la mesure par la famille', 'R2'][row % 2]!]);
    expect(proposeColumns('interventions', ['Issue'], codes, reference).get('issue')).toMatchObject({ position: 0 });
  });
});
