/** Every indicator by its definition: the items counted above and below, one by one, day by day for what lasts. */
import { addDays, daysBetween, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import { COLLECTIVE } from './oracle-collective.ts';
import { CONTEXT } from './oracle-context.ts';
import {
  affectationAxes,
  daysInYear,
  daysOf,
  holds,
  honoured,
  honouredOf,
  inForce,
  interventionAxes,
  interventionOf,
  meetingAxes,
  socialWorkersOn,
  timeAxes,
  type World
} from './oracle-facts.ts';
import {
  anyone,
  begun,
  closed,
  isAs,
  isIc,
  isIcOrAs,
  met,
  one,
  type Items,
  type OracleIndicator,
  type Row
} from './oracle-items.ts';
import { PARCOURS } from './oracle-parcours.ts';
import { QUALITY } from './oracle-quality.ts';

const hours =
  (keep: (categorie: string) => boolean): Items =>
  (world, window) =>
    world.rows.temps
      .filter((row) => holds(window, row.mois) && keep(row.categorie))
      .map((row) => ({ axes: timeAxes(world, row.agent, row.mois), quantite: row.heures }));

const etp =
  (share: (day: IsoDate, window: Period) => number): Items =>
  (world, window) =>
    daysOf(window).flatMap((day) =>
      socialWorkersOn(world, day).map((row) => ({
        axes: affectationAxes(world, row),
        quantite: row.etp * share(day, window)
      }))
    );
const etpYears = etp((day) => 1 / daysInYear(day));
const meanEtp = etp((_day, window) => 1 / daysBetween(window.du, window.au));

const families: Items = (world, window) =>
  honoured(world)
    .filter((row) => holds(window, row.date))
    .flatMap((row) => {
      const intervention = interventionOf(world, row);
      return intervention ? [{ axes: meetingAxes(world, row), quantite: 1, cle: intervention.famille }] : [];
    });

const openMonths: Items = (world, window) =>
  daysOf(window).flatMap((day) =>
    world.rows.interventions
      .filter((row) => row.nature === 'accompagnement')
      .filter((row) => row.date_debut <= day && (row.date_fin === null || day < row.date_fin))
      .map((row) => ({ axes: interventionAxes(world, row), quantite: 1 / 30.4375 }))
  );

/** Distinct actions of a nature led by the agent from 1 January to that day. */
function actionsLed(world: World, agent: string, nature: string, day: IsoDate): number {
  const sessions = world.rows.seances_collectives.filter(
    (row) => row.nature === nature && row.agents.includes(agent) && startOf('annee', day) <= row.date && row.date <= day
  );
  return new Set(sessions.map(({ action }) => action)).size;
}

type Combination = 'mixte' | 'informations' | 'groupes';

/** What makes the goal reached on that day, the first of the list if several do; null when it is not. */
function combinationOn(world: World, agent: string, day: IsoDate): Combination | null {
  const informations = actionsLed(world, agent, 'information_collective', day);
  const groups = actionsLed(world, agent, 'action_groupe', day);
  if (informations >= 1 && groups >= 1) return 'mixte';
  if (informations >= 3) return 'informations';
  return groups >= 2 ? 'groupes' : null;
}

const goalReached = (world: World, agent: string, day: IsoDate) => combinationOn(world, agent, day) !== null;

/** The combination of the first day of the year that has one. */
const reachedBy = (wanted: Combination) => (world: World, agent: string, day: IsoDate) => {
  const days = world.rows.seances_collectives.map(({ date }) => date).filter((date) => date <= day);
  const found = days.sort().flatMap((date) => {
    return startOf('annee', date) === startOf('annee', day) ? (combinationOn(world, agent, date) ?? []) : [];
  });
  return found[0] === wanted;
};

const workersOnLastDay =
  (keep: (world: World, agent: string, day: IsoDate) => boolean): Items =>
  (world, window) => {
    const lastDay = addDays(window.au, -1);
    return socialWorkersOn(world, lastDay)
      .filter(({ agent }) => keep(world, agent, lastDay))
      .map((row) => ({ axes: affectationAxes(world, row), quantite: 1, cle: row.agent }));
  };

const permanencesOn = (world: World, day: IsoDate) =>
  inForce(world.reference.lieux, day).filter((row) => row.genre === 'permanence' && row.demi_journees_semaine !== null);

const halfDays: Items = (world, window) =>
  daysOf(window).flatMap((day) =>
    permanencesOn(world, day).map(({ lieu, territoire, demi_journees_semaine }) => ({
      axes: { lieu, territoire },
      quantite: demi_journees_semaine! / 7
    }))
  );

const metInPermanences: Items = (world, window) =>
  honoured(world)
    .filter((row) => holds(window, row.date))
    .flatMap((row) =>
      permanencesOn(world, row.date)
        .filter(({ lieu }) => lieu === row.lieu)
        .map(({ lieu, territoire }) => ({ axes: { lieu, territoire }, quantite: 1 }))
    );

const inPerson = ({ modalite }: Row<'rendez_vous'>) => modalite === 'presentiel' || modalite === 'visite_domicile';
const globalHours = (row: Row<'rendez_vous'>, { reference }: World) =>
  (row.temps_global_minutes ?? reference.caf.minutes_rendez_vous) / 60;
const visited = (row: Row<'interventions'>, world: World) =>
  honouredOf(world, row).some(({ modalite }) => modalite === 'visite_domicile');

export const ORACLE: Record<string, OracleIndicator> = {
  part_socle: { numerateur: begun((_row, axes) => axes.socle === 'socle'), denominateur: begun(anyone) },
  part_accompagnement_heures: {
    numerateur: met((_row, axes) => isAs(axes), globalHours),
    denominateur: met((_row, axes) => isIcOrAs(axes), globalHours),
    complements: [met((row, axes) => isIcOrAs(axes) && row.temps_global_minutes === null, globalHours)]
  },
  part_accompagnement_rendez_vous: {
    numerateur: met((_row, axes) => isAs(axes)),
    denominateur: met((_row, axes) => isIcOrAs(axes))
  },
  part_accompagnement_interventions: { numerateur: begun(isAs), denominateur: begun(isIcOrAs) },
  part_temps_individuel: { numerateur: hours((c) => c === 'individuel'), denominateur: hours(anyone) },
  part_temps_collectif: { numerateur: hours((c) => c === 'collectif'), denominateur: hours(anyone) },
  part_temps_institutionnel: { numerateur: hours((c) => c === 'institutionnel'), denominateur: hours(anyone) },
  familles_recues_par_etp: { numerateur: families, denominateur: meanEtp },
  ic_par_etp: { numerateur: begun(isIc), denominateur: etpYears },
  as_par_etp: { numerateur: begun(isAs), denominateur: etpYears },
  rdv_par_ic: {
    numerateur: closed(isIc, (row, world) => honouredOf(world, row).length),
    denominateur: closed(isIc, one)
  },
  rdv_mensuels_par_as: { numerateur: met((_row, axes) => isAs(axes)), denominateur: openMonths },
  duree_as: {
    numerateur: closed(isAs, (row) => daysBetween(row.date_debut, row.date_fin!) / 30.4375),
    denominateur: null
  },
  duree_rdv: {
    numerateur: met(
      ({ duree_minutes }) => duree_minutes !== null,
      ({ duree_minutes }) => duree_minutes!
    ),
    denominateur: met(({ duree_minutes }) => duree_minutes !== null)
  },
  temps_global_rdv: {
    numerateur: met(
      ({ temps_global_minutes }) => temps_global_minutes !== null,
      ({ temps_global_minutes }) => temps_global_minutes!
    ),
    denominateur: met(({ temps_global_minutes }) => temps_global_minutes !== null)
  },
  part_presentiel: { numerateur: met(inPerson), denominateur: met(anyone) },
  part_distance: { numerateur: met((row) => !inPerson(row)), denominateur: met(anyone) },
  as_avec_vad: {
    numerateur: closed((row, world) => isAs(row) && visited(row, world), one),
    denominateur: closed(isAs, one),
    complements: [closed((row, world) => isAs(row) && row.vad_refusee === true && !visited(row, world), one)]
  },
  ts_objectif_collectif: {
    numerateur: workersOnLastDay(goalReached),
    denominateur: workersOnLastDay(anyone),
    complements: (['mixte', 'informations', 'groupes'] as const).map((way) => workersOnLastDay(reachedBy(way)))
  },
  rdv_par_demi_journee: { numerateur: metInPermanences, denominateur: halfDays },
  ...PARCOURS,
  ...COLLECTIVE,
  ...CONTEXT,
  ...QUALITY
};
