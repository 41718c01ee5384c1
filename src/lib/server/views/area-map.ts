import { areaMap as draw } from '#lib/charts/area-map.ts';
import type { MapArea } from '#lib/charts/map-area.ts';
import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatNumber, formatWindow, scaledValue, valueAndUnit } from '#lib/domain/format.ts';
import { isCount, type Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import type { TableRow } from '#lib/domain/table.ts';
import { casesOf, detailsOf, metOf, UNIT_WORDS, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { mapGround, type MapGround } from '#lib/server/views/map-ground.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Level } from '#lib/server/views/territories-choice.ts';
import { areasAt, sectorsOn, type Area } from '#lib/server/views/territory-sectors.ts';

/** What `AreaMap` shows: a map, its sentence and the table of the same cells. */
export type AreaMapModel = ChartModel;

export interface AreaMapRequest {
  /** Unique in the page: also that of the table. */
  id: string;
  /** A sentence. */
  title: string;
  indicator: Indicator;
  /** Measured in total and by the level. */
  figures: Figures;
  niveau: Level;
  /** Areas looked at; the others are left blank. */
  keep?: (area: Area) => boolean;
  /** The page of an area, when it has one. */
  hrefOf?: (code: string) => string | null;
  /** Said under the map. */
  note?: string | null;
  /** A target or a mean, in the indicator's unit: colours then part on both sides of it. */
  middle?: { value: number; label: string } | null;
}

const AREA_WORDS: Record<Level, string> = {
  territoire: 'territoires',
  intercommunalite: 'intercommunalités',
  commune: 'communes'
};

/** The cell of each area, on the contours of its communes or on what stands for them. */
export async function areaMap(context: ViewContext, request: AreaMapRequest): Promise<AreaMapModel> {
  const { id, title, indicator, figures, niveau, note = null } = request;
  const ground = await mapGround(context);
  const areas = areasAt(context, niveau).filter(
    (area) => area.code !== null && area.communes.length > 0 && (request.keep?.(area) ?? true)
  );
  const cells = areas.map((area) => figures.cell(indicator.id, 0, { [niveau]: area.code }));
  const table = tableOf(context, request, areas, cells);
  const many = AREA_WORDS[niveau];
  const svg = draw({
    id,
    title,
    description: describe(areas, cells, indicator, many),
    ground: ground.draw,
    areas: areas.map((area, i) => mapArea(area, cells[i]!, request)),
    circles: isCount(indicator),
    unitLabel: unitLabelOf(indicator),
    areasLabel: many,
    bound: (value) => boundText(value, indicator),
    written: writtenIn(indicator),
    middle: request.middle ?? null,
    grouped: niveau !== 'commune',
    sectors: niveau === 'commune' ? sectorBorders(context) : null
  });
  return {
    id,
    title,
    details: [...detailsOf(indicator, casesOf(figures.cell(indicator.id))), ...sourceOf(ground)],
    svg,
    table,
    csvHref: csvOf(context, id),
    comment:
      [note, ground.note, request.keep ? null : elsewhere(unplaced(context, request, areas))]
        .filter((text) => text !== null)
        .join(' ') || null
  };
}

const sourceOf = ({ source }: MapGround): string[] => (source === null ? [] : [`Contours : ${source}`]);

/** The map's own address, asked as a file: it keeps what this page alone reads. */
function csvOf({ url }: ViewContext, table: string): string {
  const search = new URLSearchParams(url.searchParams);
  search.set('format', 'csv');
  search.set('table', table);
  return `${url.pathname}?${search.toString()}`;
}

function mapArea({ code, label, communes }: Area, cell: Cell, { indicator, hrefOf }: AreaMapRequest): MapArea {
  const count = isCount(indicator);
  const rested = cell.kind === 'shown' && cell.numerator !== null && cell.denominator !== null;
  const cases = rested ? ` (${amount(cell.numerator)} sur ${amount(cell.denominator)})` : '';
  const unit = count ? undefined : indicator.unite;
  const figure =
    cell.kind !== 'shown' ? '' : count ? formatCell(cell) : valueAndUnit(cell.value, indicator.unite).value;
  return {
    code: code!,
    name: label,
    cell,
    figure,
    said: formatCell(cell, unit) + cases,
    href: hrefOf?.(code!) ?? null,
    communes: communes.map((commune) => commune.code)
  };
}

/** « pour 1 000 habitants », « % des rendez-vous honorés », « événements détectés ». */
function unitLabelOf({ unite, numerateur, denominateur, ...indicator }: Indicator): string {
  const base = denominateur?.libelle.split(',')[0];
  if (unite === 'part') return `% des ${base}`;
  if (unite === 'pour_mille') return `${UNIT_WORDS[unite]} ${base}`;
  return isCount({ ...indicator, numerateur, denominateur }) ? numerateur.libelle : UNIT_WORDS[unite];
}

/** A bound of a class without its unit, as short as it can be written. */
function boundText(value: number, { unite }: Indicator): string {
  const scaled = scaledValue(value, unite);
  const decimals = [0, 1, 2, 3].find((count) => Math.abs(scaled - Number(scaled.toFixed(count))) < 1e-9) ?? 3;
  return formatNumber(scaled, decimals);
}

/** Rounds a value to the digits it is written with. */
function writtenIn({ unite }: Indicator): (value: number) => number {
  const decimals = valueAndUnit(0, unite).value.split(',')[1]?.length ?? 0;
  const step = 10 ** decimals * scaledValue(1, unite);
  return (value) => Math.round(value * step) / step;
}

/** The map in a sentence; each area then says its own figure. */
function describe(areas: Area[], cells: Cell[], indicator: Indicator, many: string): string {
  const shown = areas
    .flatMap(({ label }, i) => (shownValue(cells[i]!) === null ? [] : [{ label, cell: cells[i]! }]))
    .sort((a, b) => shownValue(a.cell)! - shownValue(b.cell)!);
  const [least, most] = [shown[0], shown.at(-1)];
  if (!least || !most) return `Carte de ${areas.length} ${many}, aucune valeur.`;
  const unit = isCount(indicator) ? undefined : indicator.unite;
  const say = ({ label, cell }: { label: string; cell: Cell }) => `${formatCell(cell, unit)} (${label})`;
  return `Carte de ${areas.length} ${many}, de ${say(least)} à ${say(most)}.`;
}

function sectorBorders(context: ViewContext) {
  const sectorOf = new Map(
    sectorsOn(context).flatMap(({ territoire, communes }) => communes.map(({ code }) => [code, territoire] as const))
  );
  return { label: 'limite de territoire', of: (commune: string) => sectorOf.get(commune) ?? null };
}

interface Unplaced {
  code: string | null;
  label: string;
  /** Is its code none of the department? */
  outside: boolean;
}

/** Codes that have a figure and no place on the map: unknown, or outside the department. */
function unplaced(context: ViewContext, { indicator, figures, niveau }: AreaMapRequest, areas: Area[]): Unplaced[] {
  const placed = new Set(areas.map(({ code }) => code));
  const codes = figures.codes(indicator.id, niveau).filter((code) => !placed.has(code));
  return codes.map((code) => {
    const label = labelOf(context.house.labels, niveau, code);
    const outside = label === code;
    return { code, outside, label: outside ? `${code} (hors du département)` : label };
  });
}

function elsewhere(others: Unplaced[]): string | null {
  if (others.length === 0) return null;
  const named = others.filter(({ outside }) => !outside).map(({ label }) => `« ${label} »`);
  const outside = others.length - named.length;
  const said =
    outside > 0 ? [countOf(outside, 'code hors du département', 'codes hors du département'), ...named] : named;
  return `Au tableau, mais sans place sur la carte : ${listOf(said)}.`;
}

function tableOf(context: ViewContext, request: AreaMapRequest, areas: Area[], cells: Cell[]): PageTable {
  const { id, indicator, figures, niveau, hrefOf } = request;
  const axis: Axis = niveau;
  const { numerateur, denominateur } = indicator;
  const parts = denominateur === null ? [] : [numerateur, denominateur];
  const row = (header: string, cell: Cell, href: string | null = null): TableRow => ({
    header,
    ...(href === null ? {} : { href }),
    cells: [cell, ...(parts.length > 0 ? [metOf(cell), casesOf(cell)] : [])]
  });
  const placed = areas
    .map(({ code, label }, i) => ({ label, cell: cells[i]!, href: hrefOf?.(code!) ?? null }))
    .sort((a, b) => (shownValue(b.cell) ?? -1) - (shownValue(a.cell) ?? -1) || a.label.localeCompare(b.label, 'fr'));
  const others = unplaced(context, request, areas).map(({ code, label }) =>
    row(capitalize(label), figures.cell(indicator.id, 0, { [axis]: code }))
  );
  const windowLabel = formatWindow(context.window, context.state.cumul);
  return {
    id,
    caption: `${indicator.libelle} par ${AXIS_LABELS[axis]}, ${windowLabel}`,
    headerLabel: capitalize(AXIS_LABELS[axis]),
    columns: [
      { id: 'valeur', label: capitalize(windowLabel), ...(isCount(indicator) ? {} : { unit: indicator.unite }) },
      ...parts.map(({ colonne, libelle }) => ({ id: colonne, label: capitalize(libelle) }))
    ],
    rows: [...placed.map(({ label, cell, href }) => row(label, cell, href)), ...others],
    total: row('Ensemble', figures.cell(indicator.id))
  };
}
