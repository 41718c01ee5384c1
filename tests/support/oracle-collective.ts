/** The oracle's indicators of collective work. */
import { holds, sessionAxes } from './oracle-facts.ts';
import type { Items, OracleIndicator, Row } from './oracle-items.ts';

const held =
  (quantite: (row: Row<'seances_collectives'>) => number, keep = (_row: Row<'seances_collectives'>) => true): Items =>
  (world, window) =>
    world.rows.seances_collectives
      .filter((row) => holds(window, row.date) && keep(row))
      .map((row) => ({ axes: sessionAxes(world, row), quantite: quantite(row) }));

const isBooked = ({ inscrits }: Row<'seances_collectives'>) => inscrits !== null && inscrits > 0;
const presents = ({ presents }: Row<'seances_collectives'>) => presents;

export const COLLECTIVE: Record<string, OracleIndicator> = {
  seances_collectives: { numerateur: held(() => 1), denominateur: null, compte: true },
  participants_collectif: { numerateur: held(presents), denominateur: null, compte: true },
  taux_remplissage: {
    numerateur: held(presents, isBooked),
    denominateur: held(({ inscrits }) => inscrits!, isBooked)
  },
  participants_par_seance: { numerateur: held(presents), denominateur: held(() => 1) }
};
