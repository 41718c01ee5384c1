/** The oracle's indicators of the quality of what is entered. */
import { addDays, type IsoDate } from '#lib/domain/period.ts';
import {
  affectationAxes,
  affectationsOn,
  daysOf,
  honouredOf,
  interventionAxes,
  socialWorkersOn,
  type World
} from './oracle-facts.ts';
import { anyone, begun, isAs, met, type Items, type OracleIndicator, type Row } from './oracle-items.ts';
import { monthsLater } from './oracle-parcours.ts';

/** Accompagnements open on the last day of the window. */
const openOnLastDay =
  (keep: (row: Row<'interventions'>, world: World, lastDay: IsoDate) => boolean): Items =>
  (world, window) => {
    const lastDay = addDays(window.au, -1);
    return world.rows.interventions
      .filter((row) => isAs(row) && row.date_debut <= lastDay && (row.date_fin === null || lastDay < row.date_fin))
      .filter((row) => keep(row, world, lastDay))
      .map((row) => ({ axes: interventionAxes(world, row), quantite: 1 }));
  };

const unseen = (row: Row<'interventions'>, world: World, lastDay: IsoDate) =>
  addDays(row.date_debut, 60) <= lastDay &&
  !honouredOf(world, row).some(({ date }) => addDays(lastDay, -60) < date && date <= lastDay);

const isAssigned = (world: World, { agent, date }: Row<'rendez_vous'>) =>
  affectationsOn(world, date).some((row) => row.agent === agent);
const unassigned: Items = (world, window) =>
  met(anyone)(
    { ...world, rows: { ...world.rows, rendez_vous: world.rows.rendez_vous.filter((row) => !isAssigned(world, row)) } },
    window
  );

/** Days on which something was entered for a worker: a meeting of any status but planned, a session led. */
function entries(world: World): { agent: string; date: IsoDate }[] {
  const meetings = world.rows.rendez_vous.filter(({ statut }) => statut !== 'prevu');
  const sessions = world.rows.seances_collectives.flatMap(({ agents, date }) =>
    agents.map((agent) => ({ agent, date }))
  );
  return [...meetings, ...sessions].map(({ agent, date }) => ({ agent, date }));
}

const isAbsent = (world: World, agent: string, day: IsoDate) =>
  world.rows.absences.some((row) => row.agent === agent && row.date_debut <= day && day <= row.date_fin);

const weeks =
  (keep: (entered: boolean) => boolean): Items =>
  (world, window) => {
    const entered = entries(world);
    const lastEntry =
      entered
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? '';
    const mondays = daysOf(window).filter((day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 1);
    return mondays.flatMap((monday) => {
      const days = daysOf({ du: monday, au: addDays(monday, 7) });
      if (days.at(-1)! > lastEntry) return [];
      return socialWorkersOn(world, monday)
        .filter((row) => days.every((day) => socialWorkersOn(world, day).includes(row)))
        .filter(({ agent }) => days.slice(0, 5).some((day) => !isAbsent(world, agent, day)))
        .filter(({ agent }) => keep(entered.some((one) => one.agent === agent && days.includes(one.date))))
        .map((row) => ({ axes: affectationAxes(world, row), quantite: 1, cle: `${row.agent} ${monday}` }));
    });
  };

export const QUALITY: Record<string, OracleIndicator> = {
  rdv_avec_duree: { numerateur: met(({ duree_minutes }) => duree_minutes !== null), denominateur: met(anyone) },
  interventions_avec_evenement: {
    numerateur: begun(({ evenement }) => evenement !== null),
    denominateur: begun(anyone)
  },
  as_sans_rdv_60_jours: { numerateur: openOnLastDay(unseen), denominateur: openOnLastDay(() => true) },
  as_plus_de_12_mois: {
    numerateur: openOnLastDay(({ date_debut }, _world, lastDay) => monthsLater(date_debut, 12) <= lastDay),
    denominateur: openOnLastDay(() => true)
  },
  interventions_hors_departement: {
    numerateur: begun(({ commune }) => !commune.startsWith('94')),
    denominateur: begun(anyone)
  },
  rdv_sans_affectation: { numerateur: unassigned, denominateur: met(anyone) },
  semaines_saisies: { numerateur: weeks((entered) => entered), denominateur: weeks(() => true) }
};
