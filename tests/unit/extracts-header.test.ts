import { describe, expect, it } from 'vitest';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { bareName } from '#lib/domain/bare-name.ts';
import { detectHeading, guessHeading, openingRecords } from '#lib/server/extracts/heading.ts';
import { looksIdentifying, pseudonym } from '#lib/server/extracts/identifiers.ts';
import { knownNames, mapColumns } from '#lib/server/extracts/mapping.ts';
import { isBalanced } from '#lib/server/extracts/report.ts';

const CONTACTS = 'contact,evenement,date_contact,mode,nature,resultat';

const KNOWN = knownNames({}, []);
const map = (names: string[]) => mapColumns(names, {}, []);

describe('heading', () => {
  it('recognises each type by its own columns, required or all', () => {
    for (const type of EXTRACT_TYPES) {
      const { colonnes } = EXTRACTS[type];
      for (const kept of [colonnes, colonnes.filter(({ requis }) => requis)]) {
        expect(map(kept.map(({ nom }) => nom)).type).toBe(type);
      }
    }
  });

  it('finds separator and heading after up to ten lines', () => {
    for (const preamble of [0, 3, 7, 10]) {
      const lines = [...Array.from({ length: preamble }, () => 'Extraction, mode ; nature'), CONTACTS, 'C1,E1'];
      expect(detectHeading(lines, KNOWN)).toMatchObject({ separator: ',', headerLine: preamble + 1, lines: 1 });
    }
    expect(detectHeading([...Array.from({ length: 12 }, () => 'x'), CONTACTS], KNOWN)).toBeNull();
  });

  it('reads a heading on two lines: a group over its parts, a name beside a blank', () => {
    const lines = [
      'Extraction du 3 mars',
      'Contact;;Date;Qualité;;Résultat',
      ';Evenement;contact;Mode;Nature;',
      'C1;E1;02/06/2025;SMS;MAD;refus'
    ];
    const heading = detectHeading(lines, KNOWN)!;
    expect(heading).toMatchObject({ headerLine: 3, lines: 2, separator: ';' });
    expect(heading.names.map(bareName)).toEqual(['contact', 'evenement', 'datecontact', 'mode', 'nature', 'resultat']);
  });

  it('reads a name written on two lines in quotes, and says where the rows begin', () => {
    const lines = ['contact;evenement;"date', 'contact";mode;nature;resultat', 'C1;E1;02/06/2025;SMS;MAD;refus'];
    expect(detectHeading(lines, KNOWN)).toMatchObject({ headerLine: 2, lines: 2 });
  });

  it('guesses a heading nobody knows: the first line of names as wide as the rows', () => {
    const lines = ['Agence de Créteil', '', 'Réf;Quand;Qui', '1;02/06/2025;A01', '2;03/06/2025;A02'];
    expect(guessHeading(lines)).toMatchObject({ separator: ';', headerLine: 3, names: ['Réf', 'Quand', 'Qui'] });
    expect(guessHeading(lines, 4)).toMatchObject({ names: ['1', '02/06/2025', 'A01'] });
    expect(guessHeading(['pain', 'beurre'])).toBeNull();
  });

  it('ignores case, accents, spaces and quotes in names, and maps any order', () => {
    const [header] = openingRecords(['"Résultat";NATURE;"Date-Contact";Évènement;Mode;Contact'], ';');
    expect(header!.cells[3]).toBe('Évènement');
    const { type, positions } = map(header!.cells);
    expect(type).toBe('contacts');
    expect(positions.get('evenement')).toBe(3);
    expect(positions.get('resultat')).toBe(0);
    expect(bareName('Durée (minutes)')).toBe('dureeminutes');
  });

  it('splits quoted cells', () => {
    expect(openingRecords(['a;"b;""c""";;d '], ';')[0]!.cells).toEqual(['a', 'b;"c"', '', 'd']);
  });
});

describe('identifiers', () => {
  it('knows the names of identifying columns, and those of the contract are none', () => {
    for (const name of [
      'Nom',
      'Nom de naissance',
      'Prénom',
      'NIR',
      'N° allocataire',
      'Adresse',
      'Tél',
      'E-mail',
      'Courriel',
      'Observations'
    ]) {
      expect([name, looksIdentifying(bareName(name))]).toEqual([name, true]);
    }
    const contract = EXTRACT_TYPES.flatMap((type) => EXTRACTS[type].colonnes.map(({ nom }) => nom));
    expect(contract.filter((nom) => looksIdentifying(bareName(nom)))).toEqual([]);
    expect(looksIdentifying(bareName('Nombre d’enfants'))).toBe(false);
  });

  it('gives one pseudonym to the writings of one identifier, and another to another key', () => {
    const written = ['1234567', '1234567A', '1234567 a'].map((text) => pseudonym(text, 'clef'));
    expect(new Set(written).size).toBe(1);
    expect(written[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(pseudonym('1 84 12 94 028 123 45', 'clef')).toBe(pseudonym('1841294028123', 'clef'));
    expect(pseudonym('1234567', 'autre')).not.toBe(written[0]);
  });
});

describe('accounting', () => {
  it('balances when every line is in one count', () => {
    const counts = { lues: 15, acceptees: 1, remplacees: 2, doublons: 3, rejetees: 4, ignorees: 5 };
    expect(isBalanced(counts)).toBe(true);
    expect(isBalanced({ ...counts, lues: 16 })).toBe(false);
  });
});
