import { describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import { storyPlan, type StoryPlan } from '#lib/server/demo/stories.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { addMonths } from '#lib/domain/period.ts';
import { DemoMeasures, share } from '../support/demo-measures.ts';

const reference = loadReference(readConfig());
const TODAY = '2026-01-15';
const told = generateDemo(reference, { today: TODAY });
const untold = generateDemo(reference, { today: TODAY, stories: false });
const { du, au } = told.window;
const plan = told.stories as StoryPlan;
const [measures, without] = [new DemoMeasures(told, reference), new DemoMeasures(untold, reference)];
const codes = reference.territoires.map((t) => t.territoire);
const permanences = reference.lieux.filter((lieu) => lieu.genre === 'permanence').map((lieu) => lieu.lieu);

describe('story plan', () => {
  it('is computed from the window', () => {
    expect(told.window).toEqual({ du: '2023-01-01', au: '2026-01-01' });
    expect(storyPlan(told.window, reference)).toEqual(plan);
    expect(plan.presentiel).toMatchObject({ territoire: 'orly', du: '2025-05-01' });
    expect(plan.appels.du).toBe('2025-01-01');
    expect(plan.vacance).toEqual({ territoire: 'champigny', date_fin: '2025-03-31', departs: 3 });
    expect(plan.visites).toMatchObject({ territoire: 'creteil', du: '2024-07-01' });
    expect(plan.permanence.lieu).toBe('ram_alfortville');
    expect(plan.saisie).toEqual({ agent: 'A03', du: '2025-11-01', au: '2025-12-13' });
    expect(untold.stories).toBeNull();
  });
});

describe('présentiel at Orly', () => {
  const { territoire, du: from, avant, apres } = plan.presentiel;

  it('falls from that month on', () => {
    expect(Math.abs(measures.faceToFaceShare({ du, au: from, territoire }) - avant)).toBeLessThan(0.02);
    expect(Math.abs(measures.faceToFaceShare({ du: from, au, territoire }) - apres)).toBeLessThan(0.02);
  });

  it('falls nowhere else, nor without the story', () => {
    for (const other of codes.filter((code) => code !== territoire)) {
      expect(measures.faceToFaceShare({ du: from, au, territoire: other })).toBeGreaterThan(0.7);
    }
    expect(Math.abs(without.faceToFaceShare({ du: from, au, territoire }) - avant)).toBeLessThan(0.025);
  });
});

describe('calls after a separation', () => {
  const { type_evenement, du: from, avant, apres, mode } = plan.appels;
  const before = { du, au: from };
  /** The last month is not yet entirely contacted. */
  const after = { du: from, au: addMonths(au, -1) };

  it('double the share of events contacted, by telephone', () => {
    expect(Math.abs(measures.contactedShare(before, type_evenement) - avant)).toBeLessThan(0.02);
    expect(Math.abs(measures.contactedShare(after, type_evenement) - apres)).toBeLessThan(0.02);
    const events = new Set(
      told.rows.evenements
        .filter((row) => row.type_evenement === type_evenement && row.date_detection >= from)
        .map((row) => row.evenement)
    );
    const first = told.rows.contacts.filter((row) => events.has(row.evenement) && row.nature !== 'relance');
    expect(share(first, (row) => row.mode === mode)).toBeGreaterThan(0.8);
  });

  it('change neither the other events, nor separations without the story', () => {
    const rents = measures.contactedShare(after, 'impaye_loyer') - measures.contactedShare(before, 'impaye_loyer');
    expect(Math.abs(rents)).toBeLessThan(0.05);
    expect(Math.abs(without.contactedShare(after, type_evenement) - avant)).toBeLessThan(0.02);
  });
});

describe('vacancy at Champigny', () => {
  const { territoire, date_fin, departs } = plan.vacance;
  const after = { du: addMonths(au, -9), au, territoire };
  const sameYearBefore = { du: addMonths(after.du, -12), au: addMonths(au, -12), territoire };
  const startsPerEtp = (m: DemoMeasures, span: typeof after) => m.started(span).length / m.etp(span);
  const familiesPerEtp = (m: DemoMeasures, span: typeof after) => m.families(span) / m.etp(span);

  it('is three workers who leave the same day and are not replaced', () => {
    const leavers = told.rows.agents.filter((row) => row.date_fin === date_fin && row.territoire === territoire);
    expect(leavers).toHaveLength(departs);
    expect(told.rows.agents.filter((r) => r.territoire === territoire && r.date_debut > date_fin)).toEqual([]);
  });

  it('loads those who stay by a third', () => {
    expect(startsPerEtp(measures, after) / startsPerEtp(measures, sameYearBefore)).toBeGreaterThan(1.3);
    expect(familiesPerEtp(measures, after) / familiesPerEtp(measures, sameYearBefore)).toBeGreaterThan(1.3);
  });

  it('is absent without the story', () => {
    const change = startsPerEtp(without, after) / startsPerEtp(without, sameYearBefore);
    expect(Math.abs(change - 1)).toBeLessThan(0.12);
  });
});

describe('home visits at Créteil', () => {
  const { territoire, apres, ailleurs } = plan.visites;
  const lastYear = { du: addMonths(au, -12), au };

  it('are missing there only', () => {
    expect(Math.abs(measures.visitedShare({ ...lastYear, territoire }) - apres)).toBeLessThan(0.06);
    for (const other of codes.filter((code) => code !== territoire)) {
      expect(Math.abs(measures.visitedShare({ ...lastYear, territoire: other }) - ailleurs)).toBeLessThan(0.06);
    }
  });

  it('are as many as elsewhere before, and without the story', () => {
    expect(measures.visitedShare({ du, au: addMonths(plan.visites.du, -6), territoire })).toBeGreaterThan(0.78);
    expect(Math.abs(without.visitedShare({ ...lastYear, territoire }) - ailleurs)).toBeLessThan(0.06);
  });
});

describe('a permanence hardly used', () => {
  const { lieu, par_demi_journee, ailleurs } = plan.permanence;

  it('receives almost nobody, the others two or three a half-day', () => {
    expect(par_demi_journee).toBeLessThan(0.3);
    expect(measures.perHalfDay({ du, au }, lieu)).toBeLessThan(0.3);
    for (const other of permanences.filter((code) => code !== lieu)) {
      expect(Math.abs(measures.perHalfDay({ du, au }, other) - ailleurs)).toBeLessThan(0.6);
    }
  });

  it('is like the others without the story', () => {
    expect(Math.abs(without.perHalfDay({ du, au }, lieu) - ailleurs)).toBeLessThan(0.6);
  });
});

describe('six weeks without entry', () => {
  const { agent, du: from, au: until } = plan.saisie;
  const inGap = (date: string) => date >= from && date < until;
  const entries = (data: typeof told) => ({
    rdv: data.rows.rendez_vous.filter((row) => row.agent === agent && inGap(row.date)).length,
    temps: data.rows.temps.filter((row) => row.agent === agent && inGap(row.mois)).length,
    seances: data.rows.seances_collectives.filter((row) => row.agents.includes(agent) && inGap(row.date)).length,
    debuts: data.rows.interventions.filter((row) => row.agent === agent && inGap(row.date_debut)).length
  });

  it('leave nothing of that worker, who is in post and not absent', () => {
    expect(entries(told)).toEqual({ rdv: 0, temps: 0, seances: 0, debuts: 0 });
    expect(told.rows.agents.filter((row) => row.agent === agent)).toMatchObject([{ date_fin: null, etp: 1 }]);
    const absences = told.rows.absences.filter((row) => row.agent === agent);
    expect(absences.filter((row) => row.date_debut < until && row.date_fin >= from)).toEqual([]);
    const around = told.rows.rendez_vous.filter((r) => r.agent === agent && r.date >= '2025-09-15' && r.date < from);
    expect(around.length).toBeGreaterThan(30);
  });

  it('are filled without the story', () => {
    expect(entries(untold).rdv).toBeGreaterThan(30);
    expect(entries(untold).temps).toBeGreaterThan(3);
  });
});
