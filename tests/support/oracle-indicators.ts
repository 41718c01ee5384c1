/** Every indicator by its definition: the items counted above and below, one by one, day by day for what lasts. */
import { addDays, daysBetween, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import {
  affectationAxes,
  contactsOf,
  daysInYear,
  daysOf,
  eventAxes,
  holds,
  honoured,
  honouredOf,
  inForce,
  interventionAxes,
  interventionOf,
  meetingAxes,
  socialWorkersOn,
  timeAxes,
  type Axes,
  type World
} from './oracle-facts.ts';

/** `quantite` is added up, unless there is a `cle`: then distinct keys are counted. */
export interface Item {
  axes: Axes;
  quantite: number;
  cle?: string;
}

type Items = (world: World, window: Period) => Item[];

export interface OracleIndicator {
  numerateur: Items;
  /** Null for the median and P90 of the numerator's quantities. */
  denominateur: Items | null;
  complements?: Items[];
}

type Row<T extends keyof World['rows']> = World['rows'][T][number];
const one = () => 1;
const anyone = () => true;

const begun =
  (keep: (row: Row<'interventions'>, axes: Axes) => boolean): Items =>
  (world, window) =>
    world.rows.interventions
      .filter((row) => holds(window, row.date_debut))
      .map((row) => ({ row, axes: interventionAxes(world, row), quantite: 1 }))
      .filter(({ row, axes }) => keep(row, axes));

const closed =
  (
    keep: (row: Row<'interventions'>, world: World) => boolean,
    quantite: (row: Row<'interventions'>, world: World) => number
  ): Items =>
  (world, window) =>
    world.rows.interventions
      .filter((row) => holds(window, row.date_fin) && keep(row, world))
      .map((row) => ({ axes: interventionAxes(world, row), quantite: quantite(row, world) }));

const met =
  (
    keep: (row: Row<'rendez_vous'>, axes: Axes) => boolean,
    quantite: (row: Row<'rendez_vous'>, world: World) => number = one
  ): Items =>
  (world, window) =>
    honoured(world)
      .filter((row) => holds(window, row.date))
      .map((row) => ({ row, axes: meetingAxes(world, row), quantite: quantite(row, world) }))
      .filter(({ row, axes }) => keep(row, axes));

const detected =
  (
    keep: (row: Row<'evenements'>, world: World) => boolean,
    quantite: (row: Row<'evenements'>, world: World) => number = one
  ): Items =>
  (world, window) =>
    world.rows.evenements
      .filter((row) => holds(window, row.date_detection) && keep(row, world))
      .map((row) => ({ axes: eventAxes(world, row), quantite: quantite(row, world) }));

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

function goalReached(world: World, agent: string, day: IsoDate): boolean {
  const informations = actionsLed(world, agent, 'information_collective', day);
  const groups = actionsLed(world, agent, 'action_groupe', day);
  return (informations >= 1 && groups >= 1) || informations >= 3 || groups >= 2;
}

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

const isAs = ({ nature }: { nature?: string | null }) => nature === 'accompagnement';
const isIc = ({ nature }: { nature?: string | null }) => nature === 'information_conseil';
const isIcOrAs = (row: { nature?: string | null }) => isIc(row) || isAs(row);
const inPerson = ({ modalite }: Row<'rendez_vous'>) => modalite === 'presentiel' || modalite === 'visite_domicile';
const globalHours = (row: Row<'rendez_vous'>, { reference }: World) =>
  (row.temps_global_minutes ?? reference.caf.minutes_rendez_vous) / 60;
const visited = (row: Row<'interventions'>, world: World) =>
  honouredOf(world, row).some(({ modalite }) => modalite === 'visite_domicile');
const contacted = (row: Row<'evenements'>, world: World) => contactsOf(world, row).length > 0;
const answered = (row: Row<'evenements'>, world: World) =>
  world.rows.interventions.some((i) => i.evenement === row.evenement && honouredOf(world, i).length > 0);
const withResult = (resultat: string) => (row: Row<'evenements'>, world: World) =>
  contactsOf(world, row).some((contact) => contact.resultat === resultat);
const firstContactDelay = (row: Row<'evenements'>, world: World) => {
  const days = contactsOf(world, row).map(({ date_contact }) => daysBetween(row.date_detection, date_contact));
  return Math.min(...days);
};

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
  ts_objectif_collectif: { numerateur: workersOnLastDay(goalReached), denominateur: workersOnLastDay(anyone) },
  taux_contact: { numerateur: detected(contacted), denominateur: detected(anyone) },
  delai_contact: { numerateur: detected(contacted, firstContactDelay), denominateur: null },
  taux_reponse: {
    numerateur: detected((row, world) => contacted(row, world) && answered(row, world)),
    denominateur: detected(contacted),
    complements: [detected(withResult('refus')), detected(withResult('deja_accompagne'))]
  },
  rdv_par_demi_journee: { numerateur: metInPermanences, denominateur: halfDays }
};
