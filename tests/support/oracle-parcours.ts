/** The oracle's indicators of the path from an event to a closing. */
import { addDays, daysBetween, type IsoDate } from '#lib/domain/period.ts';
import {
  contactsOf,
  eventAxes,
  holds,
  honouredOf,
  inForce,
  interventionAxes,
  meetingAxes,
  type World
} from './oracle-facts.ts';
import {
  anyone,
  begun,
  closed,
  contacted,
  detected,
  isAs,
  isIc,
  one,
  withResult,
  type Items,
  type OracleIndicator,
  type Row
} from './oracle-items.ts';

type FamilyEvent = Row<'evenements'>;

/** The same day so many months later, or the last day of that month when it has none. */
export function monthsLater(day: IsoDate, months: number): IsoDate {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const first = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  for (let last = date; ; last--) {
    const wanted = `${first}-${String(last).padStart(2, '0')}`;
    if (new Date(`${wanted}T00:00:00Z`).toJSON()?.startsWith(wanted)) return wanted;
  }
}

const citing = (world: World, event: FamilyEvent) =>
  world.rows.interventions.filter(({ evenement }) => evenement === event.evenement);
const firstMeeting = (event: FamilyEvent, world: World): IsoDate | null =>
  citing(world, event)
    .flatMap((row) => honouredOf(world, row).map(({ date }) => date))
    .sort()[0] ?? null;
const received = (event: FamilyEvent, world: World) => firstMeeting(event, world) !== null;
const replied = (event: FamilyEvent, world: World) =>
  contacted(event, world) &&
  (received(event, world) ||
    ['refus', 'deja_accompagne', 'oriente', 'rdv_pris'].some((resultat) => withResult(resultat)(event, world)));

const firstContactDelay = (event: FamilyEvent, world: World) =>
  Math.min(...contactsOf(world, event).map(({ date_contact }) => daysBetween(event.date_detection, date_contact)));
const meetingDelay = (event: FamilyEvent, world: World) =>
  daysBetween(event.date_detection, firstMeeting(event, world)!);
const receivedWithin = (days: number) => (event: FamilyEvent, world: World) =>
  received(event, world) && meetingDelay(event, world) <= days;

/** The offer of the type of event, as it was that day. */
function offerOf(world: World, event: FamilyEvent, day: IsoDate) {
  const type = world.reference.types_evenement.find(({ code }) => code === event.type_evenement);
  return inForce(world.reference.offres, day).find(({ offre }) => offre === type?.offre);
}
const allowedDelay = (event: FamilyEvent, world: World) =>
  offerOf(world, event, event.date_detection)?.delai_contact_jours ?? null;

/** Interventions begun on an event whose offer had a window that day; `keep` looks at the last day of it. */
const begunOnEvent =
  (keep: (row: Row<'interventions'>, event: FamilyEvent, lastDay: IsoDate) => boolean): Items =>
  (world, window) =>
    world.rows.interventions
      .filter((row) => holds(window, row.date_debut))
      .flatMap((row) => {
        const event = world.rows.evenements.find(({ evenement }) => evenement === row.evenement);
        const months = event && offerOf(world, event, event.date_evenement)?.fenetre_mois;
        if (!event || months == null) return [];
        const kept = keep(row, event, monthsLater(event.date_evenement, months));
        return kept ? [{ axes: interventionAxes(world, row), quantite: 1 }] : [];
      });

const followed = (row: Row<'interventions'>, world: World) =>
  world.rows.interventions.some(
    (next) =>
      isAs(next) &&
      next.famille === row.famille &&
      next.offre === row.offre &&
      row.date_debut <= next.date_debut &&
      next.date_debut <= addDays(row.date_fin!, 90)
  );

const planned =
  (...statuts: string[]): Items =>
  (world, window) =>
    world.rows.rendez_vous
      .filter((row) => holds(window, row.date) && statuts.includes(row.statut))
      .map((row) => ({ axes: meetingAxes(world, row), quantite: 1 }));

const STEPS: Record<string, (event: FamilyEvent, world: World) => boolean> = {
  detecte: () => true,
  contacte: contacted,
  repondu: replied,
  recu: received,
  information_conseil: (event, world) => citing(world, event).some(isIc),
  accompagnement: (event, world) => citing(world, event).some(isAs),
  clos: (event, world) => citing(world, event).some((row) => isAs(row) && row.date_fin !== null),
  refus: withResult('refus'),
  deja_accompagne: withResult('deja_accompagne'),
  oriente: withResult('oriente'),
  recu_30_jours: receivedWithin(30),
  recu_60_jours: receivedWithin(60),
  recu_90_jours: receivedWithin(90)
};

const steps: Items = (world, window) =>
  world.rows.evenements
    .filter((event) => holds(window, event.date_detection))
    .flatMap((event) => {
      const reached = Object.keys(STEPS).filter((step) => STEPS[step]!(event, world));
      const axes = eventAxes(world, event);
      return reached.map((etape) => ({ axes: { ...axes, etape }, quantite: 1, cle: event.evenement }));
    });

/** Outcomes of the generated rows: what an extract may hold, and the code it stands for. */
export const WRITTEN_OUTCOMES: Record<string, string> = {
  objectifs_atteints: 'objectifs_atteints',
  'OBJECTIFS  ATTEINTS': 'objectifs_atteints',
  'Arrêt par la famille': 'abandon',
  'passage de relais': 'orientation',
  'sans rapport': 'autre'
};

const outcomes: Items = (world, window) =>
  world.rows.interventions
    .filter((row) => isAs(row) && holds(window, row.date_fin))
    .map((row) => {
      const issue = row.issue === null ? null : WRITTEN_OUTCOMES[row.issue]!;
      return { axes: { ...interventionAxes(world, row), issue }, quantite: 1 };
    });

export const PARCOURS: Record<string, OracleIndicator> = {
  taux_contact: { numerateur: detected(contacted), denominateur: detected(anyone) },
  delai_contact: { numerateur: detected(contacted, firstContactDelay), denominateur: null },
  taux_reponse: {
    numerateur: detected((row, world) => contacted(row, world) && received(row, world)),
    denominateur: detected(contacted),
    complements: ['refus', 'deja_accompagne'].map((resultat) => detected(withResult(resultat)))
  },
  retours_contact: {
    numerateur: detected(replied),
    denominateur: detected(contacted),
    complements: ['refus', 'deja_accompagne', 'oriente'].map((resultat) => detected(withResult(resultat)))
  },
  contacts_dans_delai: {
    numerateur: detected((row, world) => {
      const delay = allowedDelay(row, world);
      return contacted(row, world) && delay !== null && firstContactDelay(row, world) <= delay;
    }),
    denominateur: detected((row, world) => contacted(row, world) && allowedDelay(row, world) !== null)
  },
  delai_rendez_vous: { numerateur: detected(received, meetingDelay), denominateur: null },
  passage_ic_as: {
    numerateur: closed((row, world) => isIc(row) && followed(row, world), one),
    denominateur: closed(isIc, one)
  },
  dans_fenetre: {
    numerateur: begunOnEvent(
      ({ date_debut }, { date_evenement }, lastDay) => date_evenement <= date_debut && date_debut <= lastDay
    ),
    denominateur: begunOnEvent(() => true)
  },
  rdv_non_honores: { numerateur: planned('absent'), denominateur: planned('absent', 'honore') },
  rdv_annules: {
    numerateur: planned('annule_famille', 'annule_service'),
    denominateur: planned('annule_famille', 'annule_service', 'absent', 'honore'),
    complements: [planned('annule_service')]
  },
  contrats_signes: {
    numerateur: begun((row) => isAs(row) && row.date_contrat !== null),
    denominateur: begun(isAs)
  },
  issues_as: { numerateur: outcomes, denominateur: null, compte: true },
  canaux: { numerateur: detected(anyone), denominateur: null, compte: true },
  rendez_vous_des_droits: {
    numerateur: begun(({ nature }) => nature === 'rendez_vous_des_droits'),
    denominateur: begun(anyone)
  },
  etapes_parcours: { numerateur: steps, denominateur: null, compte: true }
};
