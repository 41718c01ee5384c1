import type { Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator, Unit } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures, JudgedFigure } from '#lib/server/views/figures.ts';
import type { PageTable } from '#lib/server/views/page.ts';

interface MatrixRow {
  id: string;
  label: string;
  href: string;
  unit: Unit;
  target: string | null;
  cells: { cell: Cell; status: Status | null; change: string | null }[];
}

/** What `Matrix` shows: indicators × territoires. */
export interface MatrixModel {
  caption: string;
  columns: { id: string; label: string; href?: string; strong?: boolean }[];
  rows: MatrixRow[];
}

/** The matrix of figures measured with breakdowns `[]` and `[territoire]`. */
export function matrixOf(context: ViewContext, indicators: Indicator[], now: Figures): MatrixModel {
  const { labels } = context.house;
  const codes = [...new Set(indicators.flatMap((one) => now.codes(one.id, 'territoire')))].sort((a, b) =>
    a === null ? 1 : b === null ? -1 : a.localeCompare(b)
  );
  const entry = ({ cell, status, change }: JudgedFigure) => ({ cell, status, change });
  return {
    caption: 'Indicateurs par territoire',
    columns: [
      { id: 'total', label: 'Ensemble', strong: true },
      ...codes.map((code) => ({
        id: code ?? 'non_renseigne',
        label: capitalize(labelOf(labels, 'territoire', code)),
        ...(code === null ? {} : { href: `/territoires/${code}${viewSearch(context.state)}` })
      }))
    ],
    rows: indicators.map((one) => {
      const total = now.judged(one.id);
      return {
        id: one.id,
        label: one.libelle,
        href: `/indicateurs/${one.id}${viewSearch(context.state)}`,
        unit: one.unite,
        target: total.target && targetWords(total.target, one.unite),
        cells: [entry(total), ...codes.map((territoire) => entry(now.judged(one.id, { territoire })))]
      };
    })
  };
}

/** The matrix as a table. */
export function matrixTable(matrix: MatrixModel): PageTable {
  return {
    id: 'matrice',
    caption: matrix.caption,
    headerLabel: 'Indicateur',
    columns: matrix.columns.map(({ id, label }) => ({ id, label })),
    rows: matrix.rows.map((row) => ({
      header: row.label,
      unit: row.unit,
      cells: row.cells.map(({ cell }) => cell)
    }))
  };
}
