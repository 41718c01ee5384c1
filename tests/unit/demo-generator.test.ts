import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { dayOf, isWorkingDay } from '#lib/server/demo/calendar.ts';
import { generateDemo, type DemoData } from '#lib/server/demo/generate.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { DemoMeasures, groupedBy, share, sum } from '../support/demo-measures.ts';

const reference = loadReference(readConfig());
const today = '2026-01-15';
const data = generateDemo(reference, { today });
const measures = new DemoMeasures(data, reference);
const { rows, window } = data;
const digest = (demo: DemoData) => createHash('sha256').update(JSON.stringify(demo)).digest('hex');
const mean = (values: (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return sum(known) / known.length;
};

function expectBetween(value: number, min: number, max: number, label: string): void {
  expect(value, label).toBeGreaterThanOrEqual(min);
  expect(value, label).toBeLessThanOrEqual(max);
}

describe('reproducibility', () => {
  const small = { today, scale: 0.2, years: 1 };

  it('gives the same rows for the same seed, others for another', () => {
    expect(digest(generateDemo(reference, small))).toBe(digest(generateDemo(reference, { ...small, seed: 94 })));
    expect(digest(generateDemo(reference, small))).not.toBe(digest(generateDemo(reference, { ...small, seed: 95 })));
  });

  it('covers the whole months before today', () => {
    expect(generateDemo(reference, { ...small, today: '2025-07-01' }).window).toEqual({
      du: '2024-07-01',
      au: '2025-07-01'
    });
  });
});

describe('volumes and commitments, year by year', () => {
  const years = ['2023', '2024', '2025'].map((y) => ({ du: `${y}-01-01`, au: `${Number(y) + 1}-01-01` }));

  it.each(years)('$du: families, interventions and RDV', (span) => {
    const etp = measures.etp(span);
    expectBetween(etp, 31, 36, 'etp');
    expectBetween(measures.families(span), 3_600, 4_400, 'familles');
    expectBetween(measures.started(span, 'information_conseil').length, 2_100, 2_650, 'ic');
    expectBetween(measures.started(span, 'accompagnement').length, 980, 1_180, 'as');
    expectBetween(measures.meetings(span).length, 18_000, 22_000, 'rendez-vous');
    expectBetween(
      share(measures.meetings(span), (row) => row.statut === 'honore'),
      0.79,
      0.82,
      'honores'
    );
    expectBetween(
      share(measures.meetings(span), (row) => row.statut === 'absent'),
      0.08,
      0.1,
      'absents'
    );
  });

  it.each(years)('$du: socle, pace, durations and visits', (span) => {
    const socle = new Set(reference.offres.filter((o) => o.socle && o.valable_au === null).map((o) => o.offre));
    expectBetween(
      share(measures.started(span), (row) => socle.has(row.offre)),
      0.82,
      0.87,
      'part_socle'
    );
    const honoured = measures.honoured(span);
    expectBetween(mean(honoured.map((row) => row.duree_minutes)), 43, 47, 'duree');
    expectBetween(mean(honoured.map((row) => row.temps_global_minutes)), 114, 125, 'temps global');
    expectBetween(
      share(honoured, (row) => row.temps_global_minutes !== null),
      0.83,
      0.87,
      'temps saisi'
    );
    expectBetween(
      share(honoured, (row) => row.modalite === 'visite_domicile'),
      0.075,
      0.115,
      'vad'
    );
    const months = measures
      .closed(span, 'accompagnement')
      .map((row) => (dayOf(String(row.date_fin)) - dayOf(row.date_debut)) / 30.4375)
      .sort((a, b) => a - b);
    expectBetween(months[Math.floor(months.length / 2)] ?? 0, 5.6, 6.4, 'duree mediane');
    const honouredOf = new Map<string, number>();
    for (const row of rows.rendez_vous) {
      if (row.statut === 'honore') honouredOf.set(row.intervention, (honouredOf.get(row.intervention) ?? 0) + 1);
    }
    const closed = measures.closed(span, 'information_conseil');
    expectBetween(mean(closed.map((row) => honouredOf.get(row.intervention) ?? 0)), 1.75, 2.05, 'rdv par ic');
  });

  it.each(years)('$du: working time and events', (span) => {
    const temps = rows.temps.filter((row) => row.mois >= span.du && row.mois < span.au);
    const hours = sum(temps.map((row) => row.heures));
    const shareOf = (categorie: string) =>
      sum(temps.filter((row) => row.categorie === categorie).map((row) => row.heures)) / hours;
    expectBetween(hours / measures.etp(span), 1_440, 1_570, 'heures par etp');
    expectBetween(shareOf('individuel'), 0.63, 0.67, 'individuel');
    expectBetween(shareOf('collectif'), 0.175, 0.21, 'collectif');
    const events = rows.evenements.filter((row) => row.date_detection >= span.du && row.date_detection < span.au);
    expectBetween(events.length, 9_000, 10_000, 'evenements');
    expectBetween(
      share(events, (row) => row.type_evenement === 'separation'),
      0.6,
      0.65,
      'separation'
    );
    expectBetween(
      share(events, (row) => row.type_evenement === 'impaye_loyer'),
      0.105,
      0.135,
      'impaye'
    );
    expectBetween(
      share(events, (row) => row.territoire === null),
      0.9,
      0.96,
      'territoire vide'
    );
    expectBetween(
      share(events, (row) => !row.commune.startsWith('94')),
      0.01,
      0.02,
      'hors departement'
    );
  });

  it('dips in August and peaks in September', () => {
    const ofMonth = (month: string) => rows.evenements.filter((row) => row.date_detection.slice(5, 7) === month).length;
    expect(ofMonth('08')).toBeLessThan(0.75 * ofMonth('07'));
    expect(ofMonth('09')).toBeGreaterThan(1.7 * ofMonth('08'));
  });
});

describe('coherence', () => {
  it('acts on working days only', () => {
    const days = [
      ...rows.rendez_vous.map((row) => row.date),
      ...rows.contacts.map((row) => row.date_contact),
      ...rows.evenements.map((row) => row.date_detection),
      ...rows.interventions.flatMap((row) => [row.date_debut, row.date_fin, row.date_contrat]),
      ...rows.seances_collectives.map((row) => row.date)
    ].filter((date) => date !== null);
    expect(days.filter((date) => !isWorkingDay(dayOf(date)))).toEqual([]);
  });

  it('keeps each RDV inside its intervention, held by a worker in post and present', () => {
    const strays = rows.rendez_vous.filter((row) => {
      const { date_debut, date_fin } = measures.intervention(row);
      return row.date < date_debut || (date_fin !== null && row.date > date_fin) || !inPost(row.agent, row.date);
    });
    expect(strays).toEqual([]);
    const absences = groupedBy(rows.absences, (row) => row.agent);
    const held = rows.rendez_vous.filter((row) => row.statut !== 'prevu');
    const whileAway = held.filter((row) =>
      absences.get(row.agent)?.some((a) => a.date_debut <= row.date && row.date <= a.date_fin)
    );
    expect(whileAway).toEqual([]);
  });

  const affectations = groupedBy(rows.agents, (row) => row.agent);
  const inPost = (agent: string, date: string) =>
    affectations.get(agent)?.some((a) => a.date_debut <= date && (a.date_fin === null || date <= a.date_fin)) ?? false;

  it('refers only to rows that exist, in order of time', () => {
    const events = new Map(rows.evenements.map((row) => [row.evenement, row]));
    for (const row of rows.contacts) {
      expect(events.get(row.evenement)!.date_detection <= row.date_contact, row.contact).toBe(true);
    }
    for (const row of rows.interventions) {
      if (row.evenement !== null) expect(events.get(row.evenement)?.famille, row.intervention).toBe(row.famille);
      expect(row.date_fin === null || row.date_fin >= row.date_debut, row.intervention).toBe(true);
      expect(inPost(row.agent, row.date_fin ?? '2025-12-31'), row.intervention).toBe(true);
    }
    for (const row of rows.seances_collectives) {
      expect(row.agents.every((agent) => inPost(agent, row.date)) && row.agents.length > 0, row.seance).toBe(true);
    }
  });

  it('ends with the window, but for the diary of the next month', () => {
    const late = rows.rendez_vous.filter((row) => row.date >= window.au);
    expect(late.length).toBeGreaterThan(100);
    expect(late.every((row) => row.statut === 'prevu' && row.date > today && row.date <= '2026-02-14')).toBe(true);
    expect(rows.rendez_vous.filter((row) => row.statut === 'prevu')).toHaveLength(late.length);
    expect(rows.interventions.every((row) => row.date_debut < window.au && (row.date_fin ?? '') < window.au)).toBe(
      true
    );
    expect(rows.contacts.every((row) => row.date_contact < window.au)).toBe(true);
  });

  it('has unique keys, none of which resembles an identifier', () => {
    const keys = {
      evenements: rows.evenements.map((row) => row.evenement),
      contacts: rows.contacts.map((row) => row.contact),
      interventions: rows.interventions.map((row) => row.intervention),
      rendez_vous: rows.rendez_vous.map((row) => row.rendez_vous),
      seances: rows.seances_collectives.map((row) => row.seance),
      absences: rows.absences.map((row) => `${row.agent} ${row.date_debut}`),
      agents: rows.agents.map((row) => `${row.agent} ${row.territoire} ${row.date_debut}`),
      temps: rows.temps.map((row) => `${row.agent} ${row.mois} ${row.categorie} ${row.detail}`)
    };
    for (const [type, list] of Object.entries(keys)) expect(new Set(list).size, type).toBe(list.length);
    expect(rows.evenements.every((row) => /^FAM-\d{8}$/.test(row.famille))).toBe(true);
  });

  it('counts some families who come back, and IC that become AS of the same event', () => {
    const events = groupedBy(rows.evenements, (row) => row.famille);
    expectBetween(
      share([...events.values()], (list) => list.length > 1),
      0.02,
      0.12,
      'familles revenues'
    );
    const linked = rows.interventions.filter((row) => row.issue === 'accompagnement');
    const followUps = new Set(
      rows.interventions.filter((r) => r.nature === 'accompagnement').map((r) => `${r.famille} ${r.evenement}`)
    );
    expect(linked.length).toBeGreaterThan(400);
    expect(linked.every((row) => followUps.has(`${row.famille} ${row.evenement}`))).toBe(true);
  });
});
