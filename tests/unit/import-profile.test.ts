import fc from 'fast-check';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareName } from '#lib/domain/bare-name.ts';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { DATE_ORDERS, importProfileSchema, type ImportProfile } from '#lib/domain/import-profile.ts';
import { readConfig } from '#lib/server/config.ts';
import { form } from '#lib/server/extracts/code-lists.ts';
import {
  findProfile,
  loadProfiles,
  parseProfile,
  profileYaml,
  removeProfile,
  saveProfile
} from '#lib/server/extracts/profiles/profile-store.ts';
import { profilesFor } from '#lib/server/extracts/profiles/recognise-profile.ts';
import { agendaSocialFile, suiviFamillesFile, unknownFile } from '../support/profile-files.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';

let folders: { root: string; store: string };
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-profiles-'));
  folders = { root: join(folder, 'root'), store: join(folder, 'store') };
});
afterEach(() => rmSync(join(folders.root, '..'), { recursive: true }));

const shipped = { root: readConfig({}).root, store: '/nonexistent' };
const ownFolder = () => join(folders.store, 'referentiel', 'profils');
const REMINDER: ImportProfile = {
  profil: 'mon-agenda',
  libelle: 'Mon agenda',
  type: 'absences',
  colonnes: { agent: 'Qui', date_debut: 'Du', date_fin: 'Au' },
  valeurs: {},
  constantes: { motif: 'congés' },
  dates: 'jj/mm'
};
const refusal = (text: string): string[] => {
  try {
    parseProfile(text, 'essai.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(Refused);
    return (error as Refused).message.split('\n');
  }
  throw new Error('the profile was accepted');
};

/** Texts as headers and cells may hold them: quotes, colons, digits, accents, line ends, anything. */
const text = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom(
      '01',
      '1e3',
      '0x1F',
      'null',
      '~',
      'oui',
      'true',
      '2025-10-01',
      '<<',
      '# dièse',
      '- tiret',
      'a: b',
      '"',
      "l'été",
      '*a',
      '&a',
      '{}',
      '[x',
      '%',
      '@',
      '|',
      '>',
      'N° RDV'
    )
  )
  .map((each) => each.trim())
  .filter((each) => each !== '' && each.length <= 200 && each !== '__proto__');
/** Texts that no reading of rows takes for another, each with a code. */
const words = fc
  .uniqueArray(fc.tuple(text, text), { minLength: 1, maxLength: 6, selector: ([word]) => form(word) })
  .map((pairs) => Object.fromEntries(pairs));
const profiles: fc.Arbitrary<ImportProfile> = fc.constantFrom(...EXTRACT_TYPES).chain((type) => {
  const { colonnes } = EXTRACTS[type];
  const names = fc.uniqueArray(text, {
    minLength: colonnes.length,
    maxLength: colonnes.length,
    selector: (name) => bareName(name) || name
  });
  const coded = colonnes.filter(({ genre }) => genre === 'code').map(({ nom }) => nom);
  return fc
    .record({
      profil: fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}$/),
      libelle: text,
      names: names.filter((all) => all.every(bareName) && new Set(all.map(bareName)).size === all.length),
      places: fc.array(fc.constantFrom('header', 'constant', 'none'), {
        minLength: colonnes.length,
        maxLength: colonnes.length
      }),
      valeurs: coded.length > 0 ? fc.dictionary(fc.constantFrom(...coded), words) : fc.constant({}),
      dates: fc.option(fc.constantFrom(...DATE_ORDERS), { nil: undefined })
    })
    .map(({ profil, libelle, names, places, valeurs, dates }) => {
      const placed = (place: string) =>
        Object.fromEntries(
          colonnes.flatMap(({ nom }, index) => (places[index] === place ? [[nom, names[index]!]] : []))
        );
      return {
        profil,
        libelle,
        type,
        colonnes: placed('header'),
        valeurs,
        constantes: placed('constant'),
        ...(dates ? { dates } : {})
      };
    });
});

describe('an import profile', () => {
  it('comes back the same from its file, whatever its texts', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(parseProfile(profileYaml(profile), 'essai.yaml')).toEqual(profile);
      }),
      { numRuns: 300 * RUNS_FACTOR }
    );
  });

  it('comes back the same from the store', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        saveProfile(folders.store, profile);
        expect(loadProfiles(folders).problems).toEqual([]);
        expect(findProfile(folders, profile.profil)).toEqual({ ...profile, origin: 'enregistre' });
      }),
      { numRuns: 30 * RUNS_FACTOR }
    );
  });

  it('keeps texts as they are written by hand: 01 stays 01', () => {
    const { valeurs } = parseProfile(
      'profil: p1\nlibelle: 2025\ntype: interventions\nvaleurs:\n  nature:\n    01: information_conseil\n    02: accompagnement\n',
      'essai.yaml'
    );
    expect(valeurs).toEqual({ nature: { '01': 'information_conseil', '02': 'accompagnement' } });
  });

  it.each([
    ['a column of another type', { ...REMINDER, colonnes: { statut: 'État' } }],
    ['words of a column without codes', { ...REMINDER, valeurs: { motif: { CP: 'conges' } } }],
    ['one header for two columns', { ...REMINDER, colonnes: { agent: 'Début', date_debut: 'DEBUT' } }],
    ['a column both read and constant', { ...REMINDER, constantes: { agent: 'A01' } }],
    ['an unknown type', { ...REMINDER, type: 'aides' }],
    ['an unknown order of dates', { ...REMINDER, dates: 'aa/mm' }],
    ['an empty header', { ...REMINDER, colonnes: { agent: ' ' } }],
    ['a header without end', { ...REMINDER, colonnes: { agent: 'x'.repeat(201) } }],
    ['a name in capitals', { ...REMINDER, profil: 'Mon agenda' }],
    ['an unknown key', { ...REMINDER, couleur: 'bleu' }]
  ])('may not have %s', (_, profile) => {
    expect(importProfileSchema.safeParse(REMINDER).success).toBe(true);
    expect(importProfileSchema.safeParse(profile).success).toBe(false);
  });
});

describe('a mistake in a profile', () => {
  const head = 'profil: essai\nlibelle: Essai\ntype: absences\n';
  it.each([
    [
      `${head}colonnes:\n  agent: Qui\n  statut: État\n`,
      'essai.yaml, ligne 6, champ « colonnes.statut » : ce n’est pas une colonne de « absences »'
    ],
    [
      `${head}valeurs:\n  motif:\n    CP: conges\n`,
      'champ « valeurs.motif » : cette colonne n’a pas de liste de codes.'
    ],
    [
      `${head}colonnes:\n  agent: Du\n  date_debut: du\n`,
      'essai.yaml, ligne 6, champ « colonnes.date_debut » : l’en-tête « du » sert déjà à la colonne « agent ».'
    ],
    [`${head}couleur: bleu\n`, 'champ « couleur » : clé inconnue.'],
    ['profil: essai\nlibelle: Essai\ntype: aides\n', 'essai.yaml, ligne 3, champ « type » : valeurs admises : agents,'],
    [
      'profil: ../essai\nlibelle: Essai\ntype: absences\n',
      'essai.yaml, ligne 1, champ « profil » : des minuscules sans accent'
    ],
    ['libelle: Essai\ntype: absences\n', 'essai.yaml, champ « profil » : '],
    [`${head}colonnes: [agent]\n`, 'essai.yaml, ligne 4, champ « colonnes » : '],
    [`${head}colonnes:\n`, 'champ « colonnes » : '],
    [`${head}colonnes:\n  agent: [Qui]\n`, 'essai.yaml, ligne 5, champ « colonnes.agent » : un texte est attendu.'],
    [`${head}colonnes: {agent: "Qui}\n`, 'la syntaxe YAML est incorrecte.'],
    [`${head}type: temps\n`, 'essai.yaml, ligne 4 : la syntaxe YAML est incorrecte.'],
    ['', 'essai.yaml'],
    ['bonjour', 'essai.yaml']
  ])('%j is told in French, with its place', (yaml, told) => {
    const lines = refusal(yaml);
    expect(lines.join('\n')).toContain(told);
    expect(lines.join('\n')).not.toMatch(/invalid|expected|received|unrecognized/i);
  });

  it('never leaves aliases grow', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`).join(', ')}]`)
    ];
    const started = performance.now();
    expect(refusal(bomb.join('\n')).join()).toContain('alias YAML');
    expect(refusal('profil: &n essai\nlibelle: *n\ntype: absences\n').join()).toContain('alias YAML');
    expect(refusal(`libelle: ${'x'.repeat(200_001)}`).join()).toContain('trop long');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the profiles of a Caf', () => {
  it('have names that never become paths', () => {
    for (const profil of [
      '../evade',
      '..',
      'a/b',
      'a\\b',
      '/etc/passwd',
      'c:essai',
      'a\0b',
      'a.yaml',
      '',
      'é',
      'x'.repeat(61)
    ]) {
      expect(() => saveProfile(folders.store, { ...REMINDER, profil }), profil).toThrow(Refused);
      expect(() => removeProfile(folders, profil), profil).toThrow(BadRequest);
    }
    saveProfile(folders.store, REMINDER);
    expect(
      readdirSync(join(folders.store, '..'), { recursive: true }).filter((name) => String(name).endsWith('.yaml'))
    ).toEqual([join('store', 'referentiel', 'profils', 'mon-agenda.yaml')]);
  });

  it('win over a shipped one of the same name, which serves again once they are removed', () => {
    const folder = join(folders.root, 'data', 'profiles');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'x.yaml'), profileYaml({ ...REMINDER, libelle: 'Livré' }));
    expect(findProfile(folders, 'mon-agenda')).toMatchObject({ libelle: 'Livré', origin: 'livre' });
    saveProfile(folders.store, REMINDER);
    expect(findProfile(folders, 'mon-agenda')).toMatchObject({ libelle: 'Mon agenda', origin: 'enregistre' });
    removeProfile(folders, 'mon-agenda');
    expect(findProfile(folders, 'mon-agenda').origin).toBe('livre');
    expect(() => removeProfile(folders, 'mon-agenda')).toThrow('livré avec l’application');
    expect(() => findProfile(folders, 'autre')).toThrow(BadRequest);
  });

  it('serve although one of them is spoilt, which is told', () => {
    saveProfile(folders.store, REMINDER);
    writeFileSync(join(ownFolder(), 'abime.yaml'), 'profil: abime\ntype: absences\n');
    const { profiles: found, problems } = loadProfiles(folders);
    expect(found.map(({ profil }) => profil)).toEqual(['mon-agenda']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('abime.yaml');
  });
});

describe('the shipped profiles', () => {
  const { profiles: all, problems } = loadProfiles(shipped);
  const recognised = ([header]: string[]) =>
    profilesFor(header!.split(';'), all).map(({ profile, found }) => [profile.profil, found]);

  it('are valid, and said to be fictitious', () => {
    expect(problems).toEqual([]);
    expect(all.map(({ profil }) => profil)).toEqual(['agenda-social-rendez-vous', 'suivi-familles-interventions']);
    for (const { libelle } of all) expect(libelle).toContain('fictif');
  });

  it('recognise their files, and no other', () => {
    expect(recognised(agendaSocialFile(3))).toEqual([['agenda-social-rendez-vous', 9]]);
    expect(recognised(suiviFamillesFile(3))).toEqual([['suivi-familles-interventions', 12]]);
    expect(recognised(unknownFile(3))).toEqual([]);
    expect(recognised(['rendez_vous;intervention;agent;date;modalite;statut'])).toEqual([]);
  });
});
