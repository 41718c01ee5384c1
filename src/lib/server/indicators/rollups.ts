import { coarseAxes, isCount, isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { COARSE_AXES } from '#lib/domain/axes.ts';

/**
 * Roll-ups by month and coarse axes, filled when the warehouse is built:
 * - `cumuls.sommes`: additive measures, and durations cut by month;
 * - `cumuls.valeurs`: histogram of the observed values of quantile indicators;
 * - `cumuls.distincts`: for each key seen in a month, the month it was last seen before, per coarse axis.
 *   The keys distinct in [a, b[ are those seen in it whose previous month is before a, so a count of
 *   distinct over whole months is a sum too.
 *
 * `cumuls.etendues` holds the first and last day of what a plain count counts.
 *
 * The first two also exist by territoire alone (`…_territoire`), which answers most questions from far fewer rows.
 */
const AXES_COLUMNS = COARSE_AXES.map((axis) => `${axis} varchar`).join(', ');

export const ROLLUP_TABLES = [
  'create schema cumuls',
  `create table cumuls.sommes (indicateur varchar, mois date, ${AXES_COLUMNS}, numerateur double, denominateur double, complement_0 double, complement_1 double, complement_2 double)`,
  `create table cumuls.valeurs (indicateur varchar, mois date, ${AXES_COLUMNS}, valeur integer, n bigint)`,
  'create table cumuls.distincts (indicateur varchar, mesure varchar, axe varchar, code varchar, mois date, precedent date, n bigint)',
  'create table cumuls.etendues (indicateur varchar, premier date, dernier date)'
];

/** Measures of an indicator with the column name each has in the roll-up. */
export function measuresOf(indicator: Indicator): { nom: string; mesure: Measure }[] {
  return [
    { nom: 'numerateur', mesure: indicator.numerateur },
    ...(indicator.denominateur ? [{ nom: 'denominateur', mesure: indicator.denominateur }] : []),
    ...indicator.complements.map((mesure, index) => ({ nom: `complement_${index}`, mesure }))
  ];
}

/** SQL of the days (or calendar years) that [`date`, `date_fin`[ shares with [`du`, `au`[. */
export function overlap(measure: Measure, du: string, au: string): string {
  const start = `greatest(c.date, ${du})`;
  const end = `least(c.date_fin, ${au})`;
  if (measure.diviseur !== 'jours_de_l_annee') return `(${end} - ${start})`;
  return `(${yearFraction(end)} - ${yearFraction(start)})`;
}

/** Years since 2000, each day counting 1/365 or 1/366 of its own calendar year. */
function yearFraction(date: string): string {
  return `(year(${date}) - 2000 + (dayofyear(${date}) - 1) / dayofyear(make_date(year(${date}), 12, 31)))`;
}

const MEASURES = ['numerateur', 'denominateur', 'complement_0', 'complement_1', 'complement_2'];

function axisColumns(indicator: Indicator): string {
  const axes = coarseAxes(indicator);
  return COARSE_AXES.map((axis) => (axes.includes(axis) ? `c.${axis}` : `null::varchar as ${axis}`)).join(', ');
}

function sums(indicator: Indicator): string[] {
  const measures = measuresOf(indicator);
  const columns = (agregat: 'somme' | 'duree', expression: (measure: Measure) => string) =>
    MEASURES.map((nom) => {
      const found = measures.find((m) => m.nom === nom && m.mesure.agregat === agregat);
      return `${found ? expression(found.mesure) : 'null'}::double as ${nom}`;
    }).join(', ');
  const parts: string[] = [];
  if (measures.some((m) => m.mesure.agregat === 'somme')) {
    parts.push(`select date_trunc('month', c.date)::date as mois, ${axisColumns(indicator)}, ${columns('somme', (m) => `c.${m.colonne}`)}
      from c where c.date < (select mois from cumuls.horizon)`);
  }
  if (measures.some((m) => m.mesure.agregat === 'duree')) {
    const nextMonth = '(m.mois + interval 1 month)::date';
    parts.push(`select m.mois::date as mois, ${axisColumns(indicator)}, ${columns('duree', (m) => `c.${m.colonne} * ${overlap(m, 'm.mois::date', nextMonth)}`)}
      from c, unnest(generate_series(date_trunc('month', c.date), least(c.date_fin, (select mois from cumuls.horizon)) - 1, interval 1 month)) as m (mois)
      where c.date_fin is not null`);
  }
  if (parts.length === 0) return [];
  return [
    `insert into cumuls.sommes with c as (${indicator.sql}) select '${indicator.id}', mois, ${COARSE_AXES.join(', ')}, ${MEASURES.map((m) => `sum(${m})`).join(', ')}
    from (${parts.join(' union all ')}) group by all`
  ];
}

function histogram(indicator: Indicator): string[] {
  if (!isQuantile(indicator)) return [];
  return [
    `insert into cumuls.valeurs with c as (${indicator.sql}) select '${indicator.id}', date_trunc('month', c.date)::date, ${axisColumns(indicator)}, c.${indicator.numerateur.colonne}, count(*)
    from c where c.${indicator.numerateur.colonne} is not null and c.date < (select mois from cumuls.horizon) group by all`
  ];
}

function distincts(indicator: Indicator): string[] {
  const measures = measuresOf(indicator).filter((m) => m.mesure.agregat === 'distinct');
  return measures.flatMap(({ nom, mesure }) =>
    ['', ...coarseAxes(indicator)].map(
      (axis) => `insert into cumuls.distincts with c as (${indicator.sql}),
      vus as (select distinct c.${mesure.colonne} as cle, ${axis ? `c.${axis}` : 'null::varchar'} as code, date_trunc('month', c.date)::date as mois
        from c where c.${mesure.colonne} is not null and c.date < (select mois from cumuls.horizon)),
      suites as (select code, mois, lag(mois) over (partition by cle, code order by mois) as precedent from vus)
      select '${indicator.id}', '${nom}', '${axis}', code, mois, coalesce(precedent, date '0001-01-01'), count(*) from suites group by all`
    )
  );
}

function span(indicator: Indicator): string[] {
  if (!isCount(indicator)) return [];
  return [
    `insert into cumuls.etendues with c as (${indicator.sql}) select '${indicator.id}', min(c.date), max(c.date) from c having count(*) > 0`
  ];
}

/** The same roll-up without its other axes, and both in the order of months, so that a period reads few blocks. */
function settle(table: 'sommes' | 'valeurs'): string[] {
  const key = table === 'sommes' ? '' : ', valeur';
  // A sum of whole numbers is a hugeint, which is read ten times slower.
  const measures =
    table === 'sommes' ? MEASURES.map((name) => `sum(${name}) as ${name}`).join(', ') : 'sum(n)::bigint as n';
  return [
    `create table cumuls.${table}_territoire as select indicateur, mois, territoire${key}, ${measures} from cumuls.${table} group by all order by mois, indicateur`,
    `create table cumuls.${table}_ordonnees as select * from cumuls.${table} order by mois, indicateur`,
    `drop table cumuls.${table}`,
    `alter table cumuls.${table}_ordonnees rename to ${table}`
  ];
}

/** Statements that fill the roll-ups of the whole catalogue, in order. */
export function rollupStatements(catalogue: Indicator[], horizonSql: string): string[] {
  return [
    ...ROLLUP_TABLES,
    `create table cumuls.horizon as ${horizonSql}`,
    ...catalogue.flatMap((indicator) => [
      ...sums(indicator),
      ...histogram(indicator),
      ...distincts(indicator),
      ...span(indicator)
    ]),
    ...settle('sommes'),
    ...settle('valeurs')
  ];
}
