import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { Finding } from '#lib/server/views/findings/finding.ts';
import { DemoMeasures } from '../support/demo-measures.ts';
import { loadDemonstration, overviewOf, type Demonstration } from '../support/demonstration.ts';
import { houseOn } from '../support/view-house.ts';
import { makeWarehouse, reference } from '../support/warehouse.ts';

const TODAY = '2026-01-15';
/** Last whole quarter before today: every story is under way in it. */
const PERIOD = '2025-T4';
const QUARTER = { du: '2025-10-01', au: '2026-01-01' };

/** Rejected rows and doubles of the French files move a share by a few tenths of a point. */
const SHARE_TOLERANCE = 0.02;

/** The shares « 55,4 % » of a text, in order, as numbers. */
function sharesOf(text: string): number[] {
  return [...text.matchAll(/(\d+(?:,\d+)?)\s%/g)].map((match) => Number(match[1]!.replace(',', '.')) / 100);
}

/** Numbers such as « 60,4 » of a text, in order. */
function numbersOf(text: string): number[] {
  return [...text.matchAll(/\d+(?:,\d+)?/g)].map((match) => Number(match[0].replace(',', '.')));
}

describe('the planted stories are found on the overview', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-recits-'));
  let demo: Demonstration;
  let findings: Finding[];
  let measures: DemoMeasures;
  const find = (pattern: RegExp) => {
    const found = findings.find((finding) => pattern.test(`${finding.text} ${finding.detail}`));
    expect(found, `a finding about ${pattern} among:\n${findings.map((one) => one.text).join('\n')}`).toBeDefined();
    return found!;
  };

  beforeAll(async () => {
    demo = await loadDemonstration(folder, { today: TODAY, stories: true });
    ({ findings } = await overviewOf(demo.house, PERIOD));
    measures = new DemoMeasures(demo.data, demo.house.reference);
  });
  afterAll(() => {
    demo.house.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('présentiel falls at Orly', () => {
    const { text, href } = find(/À Orly.*en présence/);
    const plan = demo.data.stories!.presentiel;
    expect(Math.abs(sharesOf(text)[0]! - plan.apres)).toBeLessThan(0.05);
    expect(
      Math.abs(sharesOf(text)[0]! - measures.faceToFaceShare({ ...QUARTER, territoire: plan.territoire }))
    ).toBeLessThan(SHARE_TOLERANCE);
    expect(href).toMatch(/^\/indicateurs\/part_presentiel\?/);
  });

  test('outgoing calls double séparation contacts', () => {
    const { text, href } = find(/Séparation/);
    const [now, before] = sharesOf(text);
    const { apres, avant } = demo.data.stories!.appels;
    // Events of the last month are partly still to be contacted.
    expect(Math.abs(now! - apres)).toBeLessThan(0.08);
    expect(Math.abs(before! - avant)).toBeLessThan(0.05);
    expect(Math.abs(now! - measures.contactedShare(QUARTER, 'separation'))).toBeLessThan(SHARE_TOLERANCE);
    expect(href).toMatch(/^\/offres\/separation\?/);
  });

  test('a vacancy overloads Champigny', () => {
    const { text, detail, href } = find(/À Champigny/);
    const span = { ...QUARTER, territoire: 'champigny' };
    const perEtp = measures.families(span) / measures.etp(span);
    expect(Math.abs(numbersOf(text)[0]! / perEtp - 1)).toBeLessThan(0.03);
    const [before, now] = numbersOf(detail ?? '');
    // Three leave: so many ETP fewer, part-times counted.
    expect(before! - now!).toBeGreaterThan(2);
    expect(before! - now!).toBeLessThanOrEqual(demo.data.stories!.vacance.departs + 0.5);
    expect(href).toMatch(/^\/territoires\/champigny\?/);
  });

  test('home visits are missing at Créteil', () => {
    const { text } = find(/À Créteil.*visite à domicile/);
    const { apres, territoire } = demo.data.stories!.visites;
    expect(Math.abs(sharesOf(text)[0]! - apres)).toBeLessThan(0.1);
    expect(Math.abs(sharesOf(text)[0]! - measures.visitedShare({ ...QUARTER, territoire }))).toBeLessThan(
      SHARE_TOLERANCE
    );
  });

  test('one permanence is hardly used', () => {
    const { text, detail, href } = find(/permanence/);
    const { lieu } = demo.data.stories!.permanence;
    expect(text).toContain(demo.house.labels.lieu.get(lieu));
    const [meetings, halfDays] = numbersOf(text);
    expect(Math.abs(meetings! / halfDays! - measures.perHalfDay(QUARTER, lieu))).toBeLessThan(0.1);
    expect(numbersOf(detail ?? '')[0]).toBeGreaterThan(1.5);
    expect(href).toMatch(/#permanences$/);
  });

  test('one worker stopped entering data', () => {
    const { text, href } = find(/n’a saisi aucun rendez-vous/);
    const { du, au, agent } = demo.data.stories!.saisie;
    expect((new Date(au).getTime() - new Date(du).getTime()) / 86_400_000 / 7).toBe(6);
    expect(text).toContain('6\u00a0semaines');
    // À retenir names no worker, by code or otherwise.
    expect(text).not.toContain(agent);
    expect(href).toMatch(/^\/donnees\/qualite\?.*#saisie$/);
  });

  test('the sentences are few, and each says another thing', () => {
    expect(findings.length).toBeGreaterThanOrEqual(3);
    expect(findings.length).toBeLessThanOrEqual(6);
    expect(new Set(findings.map((one) => one.topic)).size).toBe(findings.length);
    const said = findings.flatMap((one) => one.indicators);
    expect(new Set(said).size, said.join(', ')).toBe(said.length);
    expect(said).not.toContain('part_distance');
  });

  test('the most important first, each of them typeset and with its proof', () => {
    expect(findings.map((one) => one.score)).toEqual(findings.map((one) => one.score).toSorted((a, b) => b - a));
    for (const { text, detail, href } of findings) {
      expect(text).toMatch(/^\p{Lu}.*\.$/u);
      expect(`${text} ${detail}`).not.toMatch(/null|undefined|NaN|\d\.\d|'(?!A)/);
      expect(href).toMatch(/^\/[a-z]+.*periode=2025-T4/);
    }
  });

  test('what the quarter before told already is said to be known, what began is not', () => {
    expect(find(/À Orly.*en présence/).detail).toContain('Déjà relevé au T3\u00a02025.');
    expect(find(/n’a saisi aucun rendez-vous/).detail).not.toContain('Déjà relevé');
  });

  test('nothing is told before it began', async () => {
    const { calm, findings: before } = await overviewOf(demo.house, '2024-T2');
    expect(before.filter(({ kind }) => ['ecart', 'evolution', 'serie', 'saisie'].includes(kind))).toEqual([]);
    expect(before.map(({ topic }) => topic)).toContain(`permanence:${demo.data.stories!.permanence.lieu}`);
    expect(calm).toBeNull();
  });
});

describe('without stories', () => {
  // At night, false-alarms.test.ts reads such demonstrations from their files.
  test('none is found: the page says so, then the commitments missed', async () => {
    const { rows } = generateDemo(reference, { today: TODAY, stories: false });
    const warehouse = await makeWarehouse(rows);
    const { calm, findings } = await overviewOf(houseOn(warehouse), PERIOD);
    warehouse.close();
    expect(calm).toMatch(/^Rien ne sort de l’ordinaire au T4\u00a02025/);
    expect(findings.filter(({ kind }) => !['engagement', 'completude'].includes(kind))).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toContain('engagement');
  });
});
