import { describe, expect, it } from 'vitest';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { bareName, detectDialect, mapHeader, splitCells } from '#lib/server/extracts/header.ts';
import { looksIdentifying, pseudonym } from '#lib/server/extracts/identifiers.ts';
import { isBalanced } from '#lib/server/extracts/report.ts';

const CONTACTS = 'contact,evenement,date_contact,mode,nature,resultat';

describe('header', () => {
  it('recognises each type by its own columns, required or all', () => {
    for (const type of EXTRACT_TYPES) {
      const { colonnes } = EXTRACTS[type];
      for (const kept of [colonnes, colonnes.filter(({ requis }) => requis)]) {
        expect(mapHeader(kept.map(({ nom }) => nom)).type).toBe(type);
      }
    }
  });

  it('finds separator and header after up to ten lines', () => {
    for (const preamble of [0, 3, 7, 10]) {
      const lines = [...Array.from({ length: preamble }, () => 'Extraction, mode ; nature'), CONTACTS, 'C1,E1'];
      expect(detectDialect(lines)).toMatchObject({ separator: ',', headerLine: preamble + 1 });
    }
    expect(() => detectDialect([...Array.from({ length: 11 }, () => 'x'), CONTACTS])).toThrow(/Type non reconnu/);
  });

  it('ignores case, accents, spaces and quotes in names, and maps any order', () => {
    const header = splitCells('"Résultat";NATURE;"Date-Contact";Évènement;Mode;Contact', ';');
    expect(header[3]).toBe('Évènement');
    const { type, positions } = mapHeader(header);
    expect(type).toBe('contacts');
    expect(positions.get('evenement')).toBe(3);
    expect(positions.get('resultat')).toBe(0);
    expect(bareName('Durée (minutes)')).toBe('dureeminutes');
  });

  it('splits quoted cells', () => {
    expect(splitCells('a;"b;""c""";;d ', ';')).toEqual(['a', 'b;"c"', '', 'd']);
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
