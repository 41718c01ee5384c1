import type { Indicator } from '#lib/domain/indicator.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { matrixOf, matrixTable, type MatrixModel } from '#lib/server/views/matrix.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { definitions } from '#lib/server/views/subject.ts';

/** Few figures, one of each kind: the need, the reach, how families are met, how long it takes. */
const MAIN = [
  'part_bas_revenus',
  'familles_recues_pour_1000_habitants',
  'familles_recues_pour_1000_allocataires',
  'taux_contact',
  'part_socle',
  'part_accompagnement_heures',
  'part_presentiel',
  'duree_as'
];

export function neighbourIndicators(context: ViewContext): Indicator[] {
  return definitions(context, ...MAIN);
}

/** Figures of every territoire, the one the page is about first and the department last. */
export function besideNeighbours(
  context: ViewContext,
  code: string,
  indicators: Indicator[],
  all: Figures
): MatrixModel {
  const matrix = matrixOf(context, indicators, all);
  const rank = (id: string) => (id === code ? 0 : id === 'total' ? 2 : 1);
  const order = matrix.columns
    .map(({ id }, index) => ({ id, index }))
    .filter(({ id }) => id !== 'non_renseigne')
    .sort((a, b) => rank(a.id) - rank(b.id));
  return {
    caption: 'Le territoire et ses voisins',
    columns: order.map(({ index }) => {
      const { id, label, href } = matrix.columns[index]!;
      if (id === code) return { id, label, strong: true };
      return id === 'total' ? { id, label: 'Département' } : { id, label, ...(href ? { href } : {}) };
    }),
    rows: matrix.rows
      .map((row) => ({ ...row, cells: order.map(({ index }) => row.cells[index]!) }))
      .filter(({ cells }) => cells.some(({ cell }) => cell.kind === 'shown'))
  };
}

export function neighboursTable(matrix: MatrixModel): PageTable {
  return { ...matrixTable(matrix), id: 'voisins' };
}
