import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatNumber } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';
import { loadCell, type Counted, type Load, type Loads } from '#lib/server/views/sectorisation-load.ts';

/** One measure of one territoire, without and with the moves. */
export interface Effect {
  before: Cell;
  after: Cell;
  /** « +12 », « −3,4 »; null when nothing changes. */
  change: string | null;
}

export interface EffectRow {
  territoire: string | null;
  label: string;
  effects: Effect[];
}

/** Territoires in lines, measures in columns. */
export interface EffectTable {
  columns: { id: Measure; label: string }[];
  rows: EffectRow[];
  total: EffectRow;
}

type Ratio = 'familles_par_etp' | 'ouverts_par_etp' | 'etp_egal';
type Measure = Counted | Ratio;

/** In the order of the page: who lives there, what was done, who does it, and one for the other. */
const LABELS: Record<Measure, string> = {
  communes: 'Communes',
  habitants: 'Habitants',
  allocataires: 'Foyers allocataires',
  bas_revenus: 'Foyers à bas revenus',
  monoparents: 'Foyers monoparents',
  familles: 'Familles reçues',
  interventions: 'Interventions commencées',
  ouverts: 'Accompagnements ouverts',
  etp: 'ETP',
  familles_par_etp: 'Familles par ETP',
  ouverts_par_etp: 'Accompagnements par ETP',
  etp_egal: 'ETP à charge égale'
};

function cellOf(context: ViewContext, measure: Measure, load: Load, everyone: Load): Cell {
  switch (measure) {
    case 'familles_par_etp':
      return loadCell(context, load.familles, load.etp);
    case 'ouverts_par_etp':
      return loadCell(context, load.ouverts, load.etp);
    case 'etp_egal': {
      const { familles, etp } = everyone;
      const known = load.familles !== null && familles && etp;
      return loadCell(context, known ? (load.familles! * etp) / familles : null);
    }
    default:
      return loadCell(context, load[measure]);
  }
}

function changeOf(before: Cell, after: Cell): string | null {
  const [was, is] = [shownValue(before), shownValue(after)];
  if (was === null || is === null || formatCell(before) === formatCell(after)) return null;
  const decimals = Number.isInteger(was) && Number.isInteger(is) ? 0 : 1;
  const text = formatNumber(is - was, decimals);
  return is > was ? `+${text}` : text;
}

/** What each territoire weighs without and with the moves; what is not known of any territoire is left out. */
export function effectTable(context: ViewContext, draft: Draft, loads: Loads): EffectTable {
  const everyMeasure = Object.keys(LABELS) as Measure[];
  const row = (territoire: string | null, label: string, was: Load, is: Load): EffectRow => ({
    ...{ territoire, label },
    effects: everyMeasure.map((measure) => {
      const before = cellOf(context, measure, was, loads.everyone);
      const after = cellOf(context, measure, is, loads.everyone);
      return { before, after, change: changeOf(before, after) };
    })
  });
  const named = (territoire: string) => capitalize(labelOf(context.house.labels, 'territoire', territoire));
  const rows = draft.territoires.map((code) => row(code, named(code), loads.before.get(code)!, loads.after.get(code)!));
  const total = row(null, 'Ensemble', loads.everyone, loads.everyone);
  const kept = everyMeasure.filter((_, i) => rows.some(({ effects }) => effects[i]!.before.kind !== 'none'));
  const only = ({ effects, ...rest }: EffectRow) => ({
    ...rest,
    effects: effects.filter((_, i) => kept.includes(everyMeasure[i]!))
  });
  return { columns: kept.map((id) => ({ id, label: LABELS[id] })), rows: rows.map(only), total: only(total) };
}

/** The same cells as a plain table: two columns for each measure once something moves. */
export function flatEffect({ columns, rows, total }: EffectTable, moved: boolean, caption: string): PageTable {
  const sides = moved ? ['aujourd’hui', 'avec le projet'] : [''];
  const flat = ({ label, effects }: EffectRow) => ({
    header: label,
    cells: effects.flatMap(({ before, after }) => (moved ? [before, after] : [before]))
  });
  return {
    id: 'effet',
    caption,
    headerLabel: 'Territoire',
    columns: columns.flatMap(({ id, label }) =>
      sides.map((side, i) => ({ id: i === 0 ? id : `${id}_projet`, label: side === '' ? label : `${label}, ${side}` }))
    ),
    rows: rows.map(flat),
    total: flat(total)
  };
}

/** The widest gap of families per ETP between two territoires. */
interface Gap {
  most: string;
  least: string;
  value: number;
}

function widestGap(table: EffectTable, side: 'before' | 'after'): Gap | null {
  const column = table.columns.findIndex(({ id }) => id === 'familles_par_etp');
  if (column === -1) return null;
  const known = table.rows.flatMap(({ label, effects }) => {
    const value = shownValue(effects[column]![side]);
    return value === null ? [] : [{ label, value }];
  });
  if (known.length < 2) return null;
  const [most, least] = [1, -1].map((sign) => known.reduce((a, b) => (sign * (b.value - a.value) > 0 ? b : a)));
  return { most: most!.label, least: least!.label, value: most!.value - least!.value };
}

const between = ({ most, least }: Gap): string => `entre ${most} et ${least}`;

/** « L’écart de familles par ETP entre Orly et Créteil passe de 12,0 à 4,1 »; null when there is nothing to compare. */
export function gapSentence(table: EffectTable, moved: boolean): string | null {
  const [was, is] = [widestGap(table, 'before'), widestGap(table, 'after')];
  if (!was || !is) return null;
  const [from, to] = [formatNumber(was.value, 1), formatNumber(is.value, 1)];
  if (!moved) return `${from} familles par ETP séparent ${was.most} de ${was.least}`;
  if (was.most === is.most && was.least === is.least)
    return from === to
      ? `l’écart de familles par ETP ${between(was)} reste de ${from}`
      : `l’écart de familles par ETP ${between(was)} passe de ${from} à ${to}`;
  return `le plus grand écart de familles par ETP passe de ${from} (${between(was)}) à ${to} (${between(is)})`;
}

export const movedWords = (count: number): string => countOf(count, 'commune déplacée', 'communes déplacées');
