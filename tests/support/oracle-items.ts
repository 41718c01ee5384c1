/** The rows that an indicator counts, read one by one: how the oracle's definitions are written. */
import type { Period } from '#lib/domain/period.ts';
import {
  contactsOf,
  eventAxes,
  holds,
  honoured,
  interventionAxes,
  meetingAxes,
  type Axes,
  type World
} from './oracle-facts.ts';

/** `quantite` is added up, unless there is a `cle`: then distinct keys are counted. */
export interface Item {
  axes: Axes;
  quantite: number;
  cle?: string;
}

export type Items = (world: World, window: Period) => Item[];

export interface OracleIndicator {
  numerateur: Items;
  /** Null for the median and P90 of the numerator's quantities, and for a plain count. */
  denominateur: Items | null;
  complements?: Items[];
  /** A plain count: no denominator, and the value is the numerator. */
  compte?: true;
}

export type Row<T extends Exclude<keyof World['rows'], 'contexte' | 'geographie'>> = World['rows'][T][number];
export const one = () => 1;
export const anyone = () => true;

export const begun =
  (keep: (row: Row<'interventions'>, axes: Axes) => boolean): Items =>
  (world, window) =>
    world.rows.interventions
      .filter((row) => holds(window, row.date_debut))
      .map((row) => ({ row, axes: interventionAxes(world, row), quantite: 1 }))
      .filter(({ row, axes }) => keep(row, axes));

export const closed =
  (
    keep: (row: Row<'interventions'>, world: World) => boolean,
    quantite: (row: Row<'interventions'>, world: World) => number
  ): Items =>
  (world, window) =>
    world.rows.interventions
      .filter((row) => holds(window, row.date_fin) && keep(row, world))
      .map((row) => ({ axes: interventionAxes(world, row), quantite: quantite(row, world) }));

export const met =
  (
    keep: (row: Row<'rendez_vous'>, axes: Axes) => boolean,
    quantite: (row: Row<'rendez_vous'>, world: World) => number = one
  ): Items =>
  (world, window) =>
    honoured(world)
      .filter((row) => holds(window, row.date))
      .map((row) => ({ row, axes: meetingAxes(world, row), quantite: quantite(row, world) }))
      .filter(({ row, axes }) => keep(row, axes));

export const detected =
  (
    keep: (row: Row<'evenements'>, world: World) => boolean,
    quantite: (row: Row<'evenements'>, world: World) => number = one
  ): Items =>
  (world, window) =>
    world.rows.evenements
      .filter((row) => holds(window, row.date_detection) && keep(row, world))
      .map((row) => ({ axes: eventAxes(world, row), quantite: quantite(row, world) }));

export const isAs = ({ nature }: { nature?: string | null }) => nature === 'accompagnement';
export const isIc = ({ nature }: { nature?: string | null }) => nature === 'information_conseil';
export const isIcOrAs = (row: { nature?: string | null }) => isIc(row) || isAs(row);
export const contacted = (row: Row<'evenements'>, world: World) => contactsOf(world, row).length > 0;
export const withResult = (resultat: string) => (row: Row<'evenements'>, world: World) =>
  contactsOf(world, row).some((contact) => contact.resultat === resultat);
