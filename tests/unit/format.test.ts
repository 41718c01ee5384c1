import { describe, expect, test } from 'vitest';
import type { Cell } from '#lib/domain/cell.ts';
import {
  formatCell,
  formatChange,
  formatDate,
  formatInstant,
  formatNumber,
  formatPeriod,
  formatPoints,
  formatRound,
  formatShare,
  formatValue,
  formatWindow
} from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { cumulate, parsePeriod } from '#lib/domain/period.ts';
import { atPlace, countOf, listOf, ofPlace, targetWords, typeset } from '#lib/domain/sentence.ts';

const N = '\u202f'; // narrow no-break space
const S = '\u00a0'; // no-break space
const shown = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });
const period = (id: string) => parsePeriod(id)!;

describe('numbers', () => {
  test.each([
    [1234.5, 1, `1${N}234,5`],
    [1234567, 0, `1${N}234${N}567`],
    [999, 0, '999'],
    [-3.04, 1, '\u22123,0'],
    [-0.04, 1, '0,0'],
    [0, 0, '0']
  ])('%d with %d decimals', (value, decimals, expected) => {
    expect(formatNumber(value, decimals)).toBe(expected);
  });

  test('shares', () => {
    expect(formatShare(0.735)).toBe(`73,5${N}%`);
    expect(formatShare(1, 0)).toBe(`100${N}%`);
  });

  test.each<[number, Unit, string]>([
    [0.735, 'part', `73,5${N}%`],
    [6.2, 'mois', `6,2${S}mois`],
    [47.4, 'minutes', `47${S}min`],
    [1, 'jours', `1,0${S}jour`],
    [1.97, 'jours', `2,0${S}jours`],
    [93.44, 'familles', `93,4${S}familles`],
    [63, 'interventions', `63,0${S}interventions`],
    [1.875, 'rendez_vous', `1,88${S}rendez-vous`],
    [0.01534, 'pour_mille', `15,3${S}pour${S}1${N}000`],
    [2.5, 'ratio', '2,50']
  ])('%d in %s', (value, unit, expected) => {
    expect(formatValue(value, unit)).toBe(expected);
  });

  test('targets are as short as they can be', () => {
    expect(formatRound(0.7, 'part')).toBe(`70${N}%`);
    expect(formatRound(0.29, 'part')).toBe(`29${N}%`);
    expect(formatRound(0.655, 'part')).toBe(`65,5${N}%`);
    expect(formatRound(95, 'familles')).toBe(`95${S}familles`);
    expect(formatRound(0.015, 'pour_mille')).toBe(`15${S}pour${S}1${N}000`);
    expect(formatRound(2, 'ratio')).toBe('2');
  });
});

describe('cells', () => {
  test('a hidden or absent figure is a word, never blank nor zero', () => {
    expect(formatCell({ kind: 'hidden', reason: 'petit_effectif' }, 'part')).toBe('masqué : petit effectif');
    expect(formatCell({ kind: 'none', reason: 'sans_denominateur' }, 'part')).toBe('aucun cas sur la période');
    expect(formatCell(shown(0), 'part')).toBe(`0,0${N}%`);
    expect(formatCell(shown(1500))).toBe(`1${N}500`);
  });

  test('changes: points for shares, % for the rest', () => {
    expect(formatChange(shown(0.735), shown(0.714), 'part')).toBe(`+2,1${S}pts`);
    expect(formatChange(shown(0.58), shown(0.7), 'part')).toBe(`\u221212,0${S}pts`);
    expect(formatChange(shown(0.011), shown(0.01), 'pour_mille')).toBe(`+10,0${N}%`);
    expect(formatChange(shown(110), shown(100), 'familles')).toBe(`+10,0${N}%`);
    expect(formatChange(shown(97), shown(100))).toBe(`\u22123,0${N}%`);
    expect(formatChange(shown(5), shown(0))).toBeNull();
    expect(formatChange(shown(5), { kind: 'none', reason: 'sans_donnee' })).toBeNull();
    expect(formatPoints(0.0004)).toBe('stable');
    expect(formatPoints(0.015)).toBe(`+1,5${S}pt`);
  });
});

describe('dates and periods', () => {
  test('the first of the month is « 1er »', () => {
    expect(formatDate('2025-01-01')).toBe(`1er${S}janvier 2025`);
    expect(formatDate('2025-08-12')).toBe(`12${S}août 2025`);
  });

  test('an instant is told in Paris time', () => {
    expect(formatInstant('2025-12-31T23:05:00Z')).toBe(`1er${S}janvier 2026 à 0${S}h${S}05`);
  });

  test.each([
    ['2025-T3', `T3${S}2025`],
    ['2025-05', 'mai 2025'],
    ['2025', '2025'],
    ['2025-S2', '2e semestre 2025'],
    ['2025-01-15..2025-03-01', `du 15${S}janvier 2025 au 28${S}février 2025`]
  ])('%s', (id, expected) => {
    expect(formatPeriod(period(id))).toBe(expected);
  });

  test('windows', () => {
    const quarter = period('2025-T3');
    expect(formatWindow(quarter, 'trimestre')).toBe(`T3${S}2025`);
    expect(formatWindow(cumulate(quarter, '12mois'), '12mois')).toBe(`12${S}mois à fin septembre 2025`);
    expect(formatWindow(cumulate(quarter, 'annee'), 'annee')).toBe('de janvier à septembre 2025');
    expect(formatWindow(cumulate(period('2025-T4'), 'annee'), 'annee')).toBe('2025');
    expect(formatWindow(cumulate(period('2025-01'), 'annee'), 'annee')).toBe('janvier 2025');
  });
});

describe('small words', () => {
  test('counts, lists and places', () => {
    expect(countOf(0, 'famille')).toBe(`0${S}famille`);
    expect(countOf(2, 'famille')).toBe(`2${S}familles`);
    expect(listOf(['Créteil', 'Orly', 'Champigny'])).toBe('Créteil, Orly et Champigny');
    expect(listOf(['Orly'])).toBe('Orly');
    expect(atPlace('Le Kremlin-Bicêtre')).toBe('au Kremlin-Bicêtre');
    expect(atPlace('Orly')).toBe('à Orly');
    expect(ofPlace('Orly')).toBe('d’Orly');
    expect(ofPlace('Créteil')).toBe('de Créteil');
  });

  test('a text typed plainly is set in French', () => {
    expect(typeset("l'objectif : « aller vers » ; 5 % ?")).toBe(
      `l’objectif${S}: «${S}aller vers${S}»${N}; 5${N}%${N}?`
    );
    expect(typeset('12:30 et x = 1')).toBe('12:30 et x = 1');
  });

  test('targets in words', () => {
    expect(targetWords({ comparateur: 'min', valeur: 0.7, valeur_max: null }, 'part')).toBe(`au moins 70${N}%`);
    expect(targetWords({ comparateur: 'max', valeur: 0.3, valeur_max: null }, 'part')).toBe(`au plus 30${N}%`);
    expect(targetWords({ comparateur: 'egal', valeur: 6, valeur_max: null }, 'mois')).toBe(`6${S}mois`);
    expect(targetWords({ comparateur: 'plage', valeur: 0.1, valeur_max: 0.2 }, 'part')).toBe(
      `entre 10${N}% et 20${N}%`
    );
  });
});
