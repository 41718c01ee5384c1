import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Filters } from '#lib/domain/axes.ts';
import type { IsoDate, Period } from '#lib/domain/period.ts';
import { CHECKS, type Check } from '#lib/domain/quality-checks.ts';
import type { Viewer } from '#lib/domain/viewer.ts';
import { withViewer } from '#lib/server/indicators/measure.ts';
import { filterSql } from '#lib/server/indicators/shape.ts';
import type { Row } from '#lib/server/warehouse/database.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** Where and for whom quality is looked at: only the territoire of the filters counts. */
export interface QualityScope {
  root: string;
  snapshot: Snapshot;
  filters: Filters;
  viewer: Viewer;
  /** Nothing from this day on is looked at. */
  today: IsoDate;
}

/** A worker who entered nothing from `du` to `au` (excluded): `jours` days, absences not counted. */
export interface EntryGap extends Row {
  agent: string;
  territoire: string;
  du: string;
  au: string;
  jours: number;
}

/** A worker's week: `attendue` when something should have been entered, `affectee` when wholly in post. */
export interface EntryWeek extends Row {
  agent: string;
  territoire: string;
  lundi: string;
  actes: number;
  affectee: boolean;
  attendue: boolean;
}

export interface QualityRows {
  saisie_interrompue: EntryGap;
  calendrier_saisie: EntryWeek;
}

/** SQL of a file of `queries/quality`. */
function qualitySql(root: string, name: string): string {
  return readFileSync(join(root, 'queries', 'quality', `${name}.sql`), 'utf8');
}

/** Rows that a query of `queries/quality` finds over a window. */
export function qualityRows<Name extends keyof QualityRows>(
  root: string,
  snapshot: Snapshot,
  name: Name,
  window: Period
): Promise<QualityRows[Name][]> {
  return snapshot.query<QualityRows[Name]>(qualitySql(root, name), { du: window.du, au: window.au });
}

/** Rows a check examined and found to correct, in one territoire (null: not known), over period number `periode`. */
export interface CheckCount extends Row {
  controle: string;
  periode: number;
  territoire: string | null;
  examinees: number;
  a_corriger: number;
}

const territoireOnly = ({ territoire }: Filters): Filters => (territoire ? { territoire } : {});

function filterOf({ filters, viewer }: QualityScope): string {
  return filterSql(withViewer(territoireOnly(filters), viewer), 'c');
}

/** The period cut at today. */
function untilToday({ du, au }: Period, today: IsoDate): Period {
  return { du: du < today ? du : today, au: au < today ? au : today };
}

interface Total extends Row {
  jour: IsoDate;
  controle: string;
  territoire: string | null;
  examinees: number;
  a_corriger: number;
}

/** Running totals of every check, as they are when each of the days begins. */
function totalsAt(scope: QualityScope, days: IsoDate[]): Promise<Total[]> {
  const [first, latest] = [days.toSorted()[0], days.toSorted().at(-1)];
  return scope.snapshot.query<Total>(
    `select p.jour::varchar as jour, c.controle, c.territoire, c.examinees, c.a_corriger
     from (values ${days.map((day) => `(date '${day}')`).join(', ')}) as p (jour)
     join faits.controles as c on c.date < p.jour and c.date_fin >= p.jour
     where c.date < date '${latest}' and c.date_fin >= date '${first}'${filterOf(scope)}`
  );
}

const LASTING = new Set(CHECKS.flatMap(({ id, lasting }) => (lasting ? [id] : [])));

/** Counts of every check over several periods, by territoire: acts of the period, states of its last day. */
export async function checkCounts(scope: QualityScope, periods: Period[]): Promise<CheckCount[]> {
  const cut = periods.map((period) => untilToday(period, scope.today));
  const totals = await totalsAt(scope, [...new Set(cut.flatMap(({ du, au }) => [du, au]))]);
  const key = (day: IsoDate, { controle, territoire }: Total) => `${day}|${controle}|${territoire}`;
  const index = new Map(totals.map((total) => [key(total.jour, total), total]));
  return cut.flatMap(({ du, au }, periode) => {
    if (du === au) return [];
    return totals
      .filter(({ jour }) => jour === au)
      .map((end) => {
        const start = LASTING.has(end.controle) ? undefined : index.get(key(du, end));
        return {
          controle: end.controle,
          periode,
          territoire: end.territoire,
          examinees: end.examinees - (start?.examinees ?? 0),
          a_corriger: end.a_corriger - (start?.a_corriger ?? 0)
        };
      })
      .filter(({ examinees }) => examinees > 0);
  });
}

/** A row to correct: its key, its day (`AAAA-MM-JJ`; for a state, the day it went beyond the limit), and what helps to find it. */
export interface RowToCorrect extends Row {
  cle: string;
  date: string;
  territoire: string | null;
  agent: string | null;
  valeur: string | null;
}

/** Rows a check finds over the window: the latest acts first, the oldest states first. All of them without `limit`. */
export async function rowsToCorrect(
  scope: QualityScope,
  window: Period,
  check: Check,
  limit?: number
): Promise<RowToCorrect[]> {
  const { du, au } = untilToday(window, scope.today);
  if (du === au) return [];
  const inWindow = check.lasting
    ? 'c.date < $au::date and c.date_fin >= $au::date'
    : 'c.date >= $du::date and c.date < $au::date';
  return scope.snapshot.query<RowToCorrect>(
    `with c as (${qualitySql(scope.root, check.id)})
     select c.cle, c.date::varchar as date, c.territoire, c.agent, c.valeur
     from c
     where c.a_corriger and ${inWindow}${filterOf(scope)}
     order by c.date${check.lasting ? '' : ' desc'}, c.cle
     ${limit === undefined ? '' : `limit ${limit}`}`,
    check.lasting ? { au } : { du, au }
  );
}
