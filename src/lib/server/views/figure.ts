import { FILTER_AXES } from '#lib/domain/axes.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { EXTRACTS } from '#lib/domain/extracts.ts';
import { FIGURE_AXES, figureSearch, shareAddress } from '#lib/domain/figure-address.ts';
import type { FigureSource } from '#lib/domain/figure-source.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatDate, formatNumber, formatRound } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import { toleranceOf } from '#lib/domain/target.ts';
import { figureSql } from '#lib/server/indicators/figure-sql.ts';
import { monthly } from '#lib/server/views/cards.ts';
import { shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { freshnessOfType, type Freshness } from '#lib/server/views/data-freshness.ts';
import { askedFigure, askedWhole, isOneSide, measureOf, type AskedFigure } from '#lib/server/views/figure-asked.ts';
import { caveatsOf } from '#lib/server/views/figure-caveats.ts';
import { calculationOf, figureTitle, filterItems, partItems, scopeItems } from '#lib/server/views/figure-words.ts';
import { COMPARISON_SUFFIXES, frameOf, type Frame } from '#lib/server/views/frame.ts';
import { definitionItems, lotsTable } from '#lib/server/views/indicator-definition.ts';
import { extractsOf } from '#lib/server/views/indicator-lineage.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { completeness } from '#lib/server/views/quality-completeness.ts';

export interface FigureView extends PageView {
  label: string;
  source: FigureSource;
  /** What the filter bar keeps besides its own fields. */
  kept: { name: string; value: string }[];
}

/** `/chiffres/[indicateur]`: where one figure comes from. */
export async function figureView(page: ViewContext, params: Record<string, string>): Promise<FigureView> {
  const asked = await askedFigure(page, params.indicateur ?? '', page.url);
  const whole = await askedWhole(asked);
  const { context, indicator } = asked;
  const frame = figureFrame(asked);
  const types = extractsOf(context.house.config.root, indicator);
  const [months, complete, freshness] = await Promise.all([
    monthly(context, [indicator]),
    completeness(context, indicator, context.window),
    Promise.all(types.map((type) => freshnessOfType(context, type)))
  ]);
  const ruptures = months.ruptures(indicator.id);
  const caveats = caveatsOf(asked, { months, ruptures, complete, freshness });
  const lots = lotsTable(context, indicator);
  const source = sourceOf(asked, whole, frame, { caveats, freshness, lots });
  return {
    frame,
    label: indicator.libelle,
    source,
    kept: keptOf(asked),
    tables: [valueTable(asked, source), ...caveatTable(caveats), lots]
  };
}

interface Known {
  caveats: string[];
  freshness: Freshness[];
  lots: PageTable;
}

function sourceOf(asked: AskedFigure, whole: AskedFigure | null, frame: Frame, known: Known): FigureSource {
  const { context, indicator, judged } = asked;
  const { state, url, house } = context;
  const { version } = context.snapshot.state;
  const address = whole ? shareAddress(asked.address, whole.address) : asked.address;
  const href = `${address}&version=${version}`;
  const window = { du: context.window.du, au: earliest(context.window.au, house.config.today) };
  const labels = filterItems(context).map(({ text }) => text);
  return {
    kicker: [indicator.libelle, frame.windowLabel, ...labels].join(' · '),
    title: figureTitle(asked, whole),
    main: mainOf(asked, whole),
    calculation: calculationOf(asked, whole),
    parts: partItems(asked, whole, frame),
    caveats: known.caveats,
    scope: scopeItems(context, frame),
    target: judged.target && !whole && isJudged(asked) ? targetItems(judged.target, indicator) : [],
    definition: [...definitionItems(indicator), ...versionItems(indicator, context.window.au)],
    sql: figureSql(indicator, window, state.filters),
    sqlCaption: `${indicator.fichiers.map(({ file }) => file).join(', ')}, sur la période et sous les filtres`,
    data: dataItems(version, known.freshness),
    lots: known.lots,
    changed: changedSince(url.searchParams.get('version'), version),
    permalink: url.origin + href,
    href,
    indicatorHref: `/indicateurs/${indicator.id}${viewSearch(state)}`,
    jsonHref: `${address}&format=json`,
    csvHref: `${address}&format=csv`
  };
}

const earliest = (a: string, b: string): string => (a < b ? a : b);

/** On its own page a figure is not a link. */
const ownCell = (cell: Cell): Cell => ({ ...cell, source: undefined });

function mainOf(asked: AskedFigure, whole: AskedFigure | null): FigureSource['main'] {
  const { context, indicator, part, judged, cell } = asked;
  const plain = { status: null, target: null, change: null };
  if (whole) return { label: 'Part', cell: shareOf(cell, whole.cell), unit: 'part', ...plain };
  if (asked.landing) return { label: 'Projection de fin d’année', cell, unit: indicator.unite, ...plain };
  if (part === 'p90') return { label: 'Neuvième décile', cell: ownCell(cell), unit: indicator.unite, ...plain };
  if (isOneSide(asked)) return { label: capitalize(measureOf(indicator, part!)!.libelle), cell, ...plain };
  const { status, target, change } = judged;
  return {
    label: indicator.libelle,
    cell: ownCell(cell),
    unit: indicator.unite,
    status,
    target: target && `Objectif : ${targetWords(target, indicator.unite)}`,
    change: change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`
  };
}

/** A count is not what the target is about, nor the 9th decile. */
const isJudged = ({ part }: AskedFigure): boolean => part === null || part.startsWith('fin_annee');

/** The version in force at the end of the period, when the definition has had several. */
function versionItems({ versions }: Indicator, au: string) {
  if (versions.length === 0) return [];
  const ended = versions.find(({ valable_au }) => au <= valable_au);
  const text = ended
    ? `Celle d’avant le ${formatDate(ended.valable_au)}. Ensuite : ${ended.changement}`
    : `Celle en vigueur depuis le ${formatDate(versions.at(-1)!.valable_au)} : ${versions.at(-1)!.changement}`;
  return [{ term: 'Version appliquée', text }];
}

function targetItems(target: Objectif, { unite }: Indicator) {
  const share = unite === 'part';
  const tolerance = toleranceOf(target, share);
  const end = target.valable_au ? `, jusqu’au ${formatDate(target.valable_au)} exclu` : '';
  return [
    { term: 'Objectif', text: capitalize(targetWords(target, unite)) },
    { term: 'Tolérance', text: share ? `${formatNumber(tolerance * 100, 1)} pts` : formatRound(tolerance, unite) },
    { term: 'En vigueur', text: `Depuis le ${formatDate(target.valable_du)}${end}` },
    { term: 'Document source', text: target.source }
  ];
}

function dataItems(version: string, freshness: Freshness[]) {
  const known = freshness
    .filter(({ lastDay }) => lastDay !== null)
    .map(({ type, lastDay }) => `${EXTRACTS[type].libelle} : ${formatDate(lastDay!)}`);
  return [
    { term: 'Version des données', text: version },
    { term: 'Dernier jour connu', text: known.length > 0 ? known.join('\n') : 'aucune donnée' }
  ];
}

function changedSince(asked: string | null, current: string): string | null {
  if (!asked || asked === current) return null;
  return `Les données ont changé depuis ce lien (version ${asked} → ${current}) : le chiffre est celui d’aujourd’hui.`;
}

/** The filter bar of the page, with the chips of every axis asked for. */
function figureFrame({ context, indicator }: AskedFigure): Frame {
  const { state, url } = context;
  const locked = FILTER_AXES.filter((axis) => !indicator.axes.includes(axis) && !state.filters[axis]);
  const frame = frameOf(context, locked);
  const without = (axis: string) => Object.fromEntries(Object.entries(state.filters).filter(([name]) => name !== axis));
  const chips = [...FILTER_AXES, ...FIGURE_AXES].flatMap((axis) => {
    const chosen = { ...context, state: { ...state, filters: { [axis]: state.filters[axis] } } };
    const href = url.pathname + figureSearch({ ...state, filters: without(axis) });
    return filterItems(chosen).map(({ term, text }) => ({ label: `${term} : ${text}`, href }));
  });
  const clearHref = chips.length > 0 ? url.pathname + figureSearch({ ...state, filters: {} }) : null;
  return { ...frame, chips, clearHref };
}

function keptOf({ context, part }: AskedFigure) {
  const axes = FIGURE_AXES.flatMap((axis) => {
    const codes = context.state.filters[axis];
    return codes ? [{ name: axis as string, value: codes.join(',') }] : [];
  });
  return part ? [...axes, { name: 'partie', value: part }] : axes;
}

/** The figure, then the value of its indicator and what it is made of, which differ for a count or a share. */
function valueTable({ indicator, judged }: AskedFigure, source: FigureSource): PageTable {
  const { cell, unit } = source.main;
  const { numerateur, denominateur } = indicator;
  const own = judged.cell.kind === 'shown' ? judged.cell : null;
  return {
    id: 'valeur',
    caption: source.kicker,
    headerLabel: 'Chiffre',
    columns: [
      { id: 'valeur', label: 'Valeur', ...(unit ? { unit } : {}) },
      { id: 'indicateur', label: indicator.libelle, unit: indicator.unite },
      { id: 'numerateur', label: `Numérateur : ${numerateur.libelle}` },
      { id: 'denominateur', label: `Dénominateur : ${(denominateur ?? numerateur).libelle}` }
    ],
    rows: [
      {
        header: source.title,
        cells: [
          { ...cell, source: source.href },
          judged.cell,
          countCell(own?.numerator ?? null),
          countCell(own?.denominator ?? null)
        ]
      }
    ]
  };
}

function caveatTable(caveats: string[]): PageTable[] {
  if (caveats.length === 0) return [];
  const rows = caveats.map((header) => ({ header, cells: [] }));
  return [{ id: 'reserves', caption: 'À savoir avant de citer ce chiffre', headerLabel: 'Réserve', columns: [], rows }];
}
