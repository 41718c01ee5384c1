/** The oracle's figures of context, day by day and commune by commune, and the rates they divide. */
import { daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';
import {
  daysOf,
  eventAxes,
  holds,
  honoured,
  honouredOf,
  inForce,
  interventionOf,
  meetingAxes,
  type Axes,
  type World
} from './oracle-facts.ts';
import type { Item, Items, OracleIndicator, Row } from './oracle-items.ts';

interface Published {
  zone: string;
  variable: string;
  periode: IsoDate;
  valeur: number | null;
  source: string;
  imported: boolean;
}

const read = new WeakMap<World, Published[]>();

function published(world: World): Published[] {
  const known = read.get(world) ?? publishedIn(world);
  read.set(world, known);
  return known;
}

function publishedIn({ rows, reference }: World): Published[] {
  const all = [
    ...reference.contexte.map((row) => ({ ...row, imported: false })),
    ...(rows.contexte ?? []).map((row) => ({ ...row, imported: true }))
  ];
  return all.filter(({ niveau }) => niveau === 'commune');
}

/** The commune of today of a code, by the movements after the period: none of them parts a commune here. */
function communeOf({ rows, reference }: World, zone: string, periode: IsoDate): string | null {
  let [code, day] = [zone, periode];
  for (;;) {
    const next = rows.geographie?.find(({ commune, date_effet }) => commune === code && date_effet > day);
    if (!next) break;
    [code, day] = [next.vers, next.date_effet];
  }
  return reference.communes.some((commune) => commune.code === code) ? code : null;
}

/**
 * The figure of one source on a commune of today: the sum of what it publishes for the communes that make it.
 * Null as soon as one is hidden, or lacks though the source tells a commune that the same movements ended.
 */
function ofSource(world: World, commune: string, some: Published[], all: Published[]): number | null {
  const { periode } = some[0]!;
  const zones = new Set(all.map(({ zone }) => zone));
  const later = (world.rows.geographie ?? []).filter(({ date_effet }) => date_effet > periode);
  const isOlder = later.some((move) => zones.has(move.commune));
  const lacks = later.some(
    (move) => isOlder && communeOf(world, move.commune, periode) === commune && !zones.has(move.commune)
  );
  return lacks || some.some(({ valeur }) => valeur === null) ? null : some.reduce((sum, row) => sum + row.valeur!, 0);
}

/** What is known of a commune at the last vintage before a day; null when it is hidden or there is none. */
export function contextOn(world: World, variable: string, commune: string, day: IsoDate): number | null {
  const all = published(world);
  const own = all.filter(
    (row) => row.variable === variable && row.periode <= day && communeOf(world, row.zone, row.periode) === commune
  );
  const last = own
    .map(({ periode }) => periode)
    .sort()
    .at(-1);
  const candidates = own.filter(({ periode }) => periode === last);
  const sources = [...new Set(candidates.map((row) => `${row.imported ? 1 : 0} ${row.source}`))].sort().reverse();
  for (const name of sources) {
    const isOf = (row: Published) => `${row.imported ? 1 : 0} ${row.source}` === name;
    const source = name.slice(2);
    const some = candidates.filter(isOf);
    const value = ofSource(
      world,
      commune,
      some,
      all.filter((row) => row.source === source && row.periode === last)
    );
    if (value !== null) return value;
  }
  return null;
}

function placeOf({ reference }: World, commune: string, day: IsoDate): Axes {
  const sector = inForce(reference.sectorisation, day).find((row) => row.commune === commune);
  return { commune, territoire: sector?.territoire ?? null };
}

/** The communes that any figure is published of: others count nothing. */
const told = (world: World): string[] => [
  ...new Set(published(world).flatMap((row) => communeOf(world, row.zone, row.periode) ?? []))
];

type Known = (world: World, commune: string, day: IsoDate) => { value: number; axes?: Axes }[];

/** The mean over the window of what is known each day. */
const meanOf =
  (known: Known): Items =>
  (world, window) => {
    const days = daysBetween(window.du, window.au);
    return daysOf(window).flatMap((day) =>
      told(world).flatMap((commune) =>
        known(world, commune, day).map(({ value, axes }): Item => {
          return { axes: { ...placeOf(world, commune, day), ...axes }, quantite: value / days };
        })
      )
    );
  };

const shown = (value: number | null) => (value === null ? [] : [{ value }]);
const mean = (variable: string) => meanOf((world, commune, day) => shown(contextOn(world, variable, commune, day)));

const families =
  (keep: (world: World, meeting: Row<'rendez_vous'>, commune: string, offre: string) => boolean): Items =>
  (world, window) =>
    honoured(world)
      .filter((row) => holds(window, row.date))
      .flatMap((row) => {
        const intervention = interventionOf(world, row);
        if (!intervention || !keep(world, row, intervention.commune, intervention.offre)) return [];
        return [{ axes: meetingAxes(world, row), quantite: 1, cle: intervention.famille }];
      });

const perThousand = (variable: string): OracleIndicator => ({
  numerateur: families((world, { date }, commune) => contextOn(world, variable, commune, date) !== null),
  denominateur: mean(variable)
});

const publicOf = (world: World, offre: string, commune: string, day: IsoDate): number | null => {
  const chosen = inForce(world.reference.publics, day).find((row) => row.offre === offre);
  return chosen ? contextOn(world, chosen.variable, commune, day) : null;
};

const offers = ({ reference }: World) => [...new Set(reference.publics.map(({ offre }) => offre))];

/** The whole a variable is a share of: the one it names where it was ever published, else that one's own. */
function wholeOf(world: World, variable: string, commune: string): string {
  const { variables } = world.reference;
  const named = variables.find(({ code }) => code === variable)!.denominateur!;
  const isTold = published(world).some(
    (row) => row.variable === named && communeOf(world, row.zone, row.periode) === commune
  );
  return isTold ? named : (variables.find(({ code }) => code === named)!.denominateur ?? named);
}

const share = (variable: string): OracleIndicator => {
  const both =
    (pick: (part: number, whole: number) => number): Known =>
    (world, commune, day) => {
      const part = contextOn(world, variable, commune, day);
      const whole = contextOn(world, wholeOf(world, variable, commune), commune, day);
      return part === null || whole === null ? [] : [{ value: pick(part, whole) }];
    };
  return { numerateur: meanOf(both((part) => part)), denominateur: meanOf(both((_part, whole) => whole)) };
};

const events =
  (keep: (world: World, event: Row<'evenements'>) => boolean, key: boolean): Items =>
  (world: World, window: Period) =>
    world.rows.evenements
      .filter((row) => holds(window, row.date_detection) && keep(world, row))
      .map((row) => ({
        axes: eventAxes(world, row),
        quantite: 1,
        ...(key ? { cle: row.famille } : {})
      }));

const wasReceived = (world: World, event: Row<'evenements'>) =>
  world.rows.interventions.some((row) => row.evenement === event.evenement && honouredOf(world, row).length > 0);

export const CONTEXT: Record<string, OracleIndicator> = {
  familles_recues_pour_1000_habitants: perThousand('population'),
  familles_recues_pour_1000_allocataires: perThousand('allocataires'),
  familles_recues_pour_1000_monoparents: perThousand('monoparents'),
  familles_recues_pour_1000_bas_revenus: perThousand('bas_revenus'),
  evenements_pour_1000_allocataires: {
    numerateur: events(
      (world, row) => contextOn(world, 'allocataires', row.commune, row.date_detection) !== null,
      false
    ),
    denominateur: mean('allocataires')
  },
  couverture_public: {
    numerateur: families((world, { date }, commune, offre) => publicOf(world, offre, commune, date) !== null),
    denominateur: meanOf((world, commune, day) =>
      offers(world).flatMap((offre) =>
        shown(publicOf(world, offre, commune, day)).map((known) => ({ ...known, axes: { offre } }))
      )
    )
  },
  couverture_evenements: { numerateur: events(wasReceived, true), denominateur: events(() => true, true) },
  part_bas_revenus: share('bas_revenus'),
  part_dependance_50: share('dependance_50'),
  part_monoparents: share('monoparents')
};
