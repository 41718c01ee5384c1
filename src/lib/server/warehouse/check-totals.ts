import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '#lib/domain/quality-checks.ts';

const COLUMNS = 'controle varchar, territoire varchar, date date, date_fin date, examinees integer, a_corriger integer';

/**
 * Fills `faits.controles`: for each check and territoire, running totals of what it examined and found to correct,
 * from the end of a day that changes them (`date`) to that of the next (`date_fin`). Acts of a window are then the difference of two days, and states that
 * last (opened, less those ended) the totals of one day: a few look-ups, whatever the volume.
 */
export function checkStatements(root: string): { file: string; sql: string }[] {
  const checks = CHECKS.map(({ id, lasting = false }) => {
    const file = join('queries', 'quality', `${id}.sql`);
    const sql = readFileSync(join(root, file), 'utf8');
    return { file, sql: `insert into faits.controles ${totals(id, sql, lasting)}` };
  });
  return [{ file: 'faits.controles', sql: `create table faits.controles (${COLUMNS})` }, ...checks];
}

/** A state is two rows besides those of its end, one examined and one to correct; an act is one, maybe to correct. */
function totals(id: string, sql: string, lasting: boolean): string {
  const examined = lasting ? 'not a_corriger' : 'true';
  const moves = lasting
    ? `select territoire, date, a_corriger, 1 as n from lignes
       union all select territoire, date_fin, a_corriger, -1 from lignes where date_fin < date '9999-12-31'`
    : 'select territoire, date, a_corriger, 1 as n from lignes';
  return `with lignes as (${sql}),
    mouvements as (${moves}),
    jours as (
      select territoire, date, coalesce(sum(n) filter (where ${examined}), 0) as examinees,
        coalesce(sum(n) filter (where a_corriger), 0) as a_corriger
      from mouvements group by territoire, date
    )
    select '${id}', territoire, date, lead(date, 1, date '9999-12-31') over suite, sum(examinees) over suite, sum(a_corriger) over suite
    from jours window suite as (partition by territoire order by date)
    order by territoire, date`;
}
