import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatShare } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { atPlace, capitalize, countOf } from '#lib/domain/sentence.ts';
import { shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { COMPLETE_ENOUGH, FIELD_CHECKS } from '#lib/server/views/quality-completeness.ts';
import type { QualityCounts } from '#lib/server/views/quality-counts.ts';

/** How far a field is filled; `low` under 95 %. */
export interface FieldCell {
  cell: Cell;
  low: boolean;
}

/** One field: in all, then by territoire, and the indicators that rest on it. */
export interface FieldLine {
  label: string;
  examined: string;
  cells: FieldCell[];
  indicators: { label: string; href: string }[];
}

export interface Fields {
  sentence: string;
  columns: string[];
  lines: FieldLine[];
  table: PageTable;
}

function filled({ rows, wrong }: { rows: number; wrong: number }): FieldCell {
  const cell = shareOf(countCell(rows - wrong), countCell(rows));
  const share = shownValue(cell);
  return { cell, low: share !== null && share < COMPLETE_ENOUGH };
}

/** Completeness of each field that may be empty, by territoire, the least filled first. */
export function fieldsOf(context: ViewContext, counts: QualityCounts, frame: Frame): Fields {
  const { labels, catalogue } = context.house;
  const places = counts.places();
  const names = places.map((place) => capitalize(labelOf(labels, 'territoire', place)));
  const columns = ['Ensemble', ...names];
  const lines = FIELD_CHECKS.map((check): FieldLine => ({
    label: check.field.label,
    examined: check.examined,
    cells: [filled(counts.of(check)), ...places.map((place) => filled(counts.of(check, 0, place)))],
    indicators: [...catalogue.values()]
      .filter(({ champs }) => champs.includes(check.field.id))
      .map(({ id, libelle }) => ({ label: libelle, href: `/indicateurs/${id}${frame.search}` }))
  })).sort((a, b) => (shownValue(a.cells[0]!.cell) ?? 2) - (shownValue(b.cells[0]!.cell) ?? 2));
  return { sentence: sentenceOf(lines, places, names), columns, lines, table: fieldsTable(lines, columns, frame) };
}

/** How many fields are too empty, and where the emptiest cell of a known territoire is. */
function sentenceOf(lines: FieldLine[], places: (string | null)[], names: string[]): string {
  const low = lines.filter(({ cells }) => cells[0]!.low);
  const known = lines.flatMap(({ label, cells }) =>
    places.flatMap((place, index) => {
      const share = shownValue(cells[index + 1]!.cell);
      return share === null || place === null ? [] : [{ label, share, place: names[index]! }];
    })
  );
  const worst = known.sort((a, b) => a.share - b.share)[0];
  const least =
    worst && worst.share < COMPLETE_ENOUGH
      ? ` Le moins rempli : ${lowered(worst.label)}, ${formatShare(worst.share)} ${atPlace(worst.place)}.`
      : '';
  const share = formatShare(COMPLETE_ENOUGH, 0);
  if (low.length === 0) return `Chaque champ est rempli à ${share} ou plus dans l’ensemble.${least}`;
  return `${countOf(low.length, 'champ est rempli', 'champs sont remplis')} à moins de ${share} dans l’ensemble.${least}`;
}

const lowered = (text: string): string => text.charAt(0).toLocaleLowerCase('fr') + text.slice(1);

function fieldsTable(lines: FieldLine[], columns: string[], frame: Frame): PageTable {
  return {
    id: 'completude',
    caption: `Complétude par champ, ${frame.windowLabel}`,
    headerLabel: 'Champ',
    columns: columns.map((label) => ({ id: label, label, unit: 'part' })),
    rows: lines.map(({ label, cells }) => ({ header: label, cells: cells.map(({ cell }) => cell) }))
  };
}
