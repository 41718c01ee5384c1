import { stepTable } from '#lib/charts/step-table.ts';
import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatCell, formatShare } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { emptyTitle, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import { detected, FOLLOWED, OPENED, sourceOf, stepShare, WAYS_OUT } from '#lib/server/views/parcours-steps.ts';

/** Under that many events a share says little: it is written, not drawn. */
const FEWEST_EVENTS = 20;

const COLUMNS = [
  ...[...FOLLOWED.slice(1), ...OPENED].map((step) => ({ ...step, apart: false })),
  ...WAYS_OUT.map((step) => ({ ...step, apart: true }))
];

const COMMENTS = {
  offre:
    'Chaque barre part des événements détectés de sa ligne : 100 % est la largeur de la colonne. ' +
    'IC : information-conseil ; AS : accompagnement social ; suivies : familles déjà accompagnées.',
  canal: 'D’où viennent les événements, et ce que chaque canal devient, comme ci-dessus pour les offres.'
};

interface Line {
  code: string | null;
  label: string;
  count: Cell;
  cells: Cell[];
  few: boolean;
}

function lineOf(now: Figures, label: string, code: string | null, at: Partial<Record<Axis, string | null>>): Line {
  const count = detected(now, at);
  const cells = COLUMNS.map((step) => stepShare(now, step.code, at));
  return { code, label, count, cells, few: (shownValue(count) ?? 0) < FEWEST_EVENTS };
}

/** One line per code of the axis, the most events first, what is not known last. */
function linesBy(context: ViewContext, now: Figures, axis: 'offre' | 'canal'): Line[] {
  const known = context.allowed[axis] ?? [];
  const rank = (line: Line) => (line.code === null ? -Infinity : (shownValue(line.count) ?? 0));
  return [...known, null]
    .map((code) => lineOf(now, capitalize(labelOf(context.house.labels, axis, code)), code, { [axis]: code }))
    .filter(({ count }) => count.kind !== 'none')
    .sort((a, b) => rank(b) - rank(a) || a.label.localeCompare(b.label, 'fr'));
}

const MET = COLUMNS.findIndex(({ code }) => code === 'recu');

/** « D’une offre à l’autre, de 9 % (Surpeuplement) à 31 % (Séparation) des événements mènent à un rendez-vous ». */
function titleOf(whole: Figures, lines: Line[], axis: 'offre' | 'canal'): string {
  const subject = axis === 'offre' ? 'D’une offre à l’autre' : 'D’un canal à l’autre';
  const share = ({ cells }: Line) => shownValue(cells[MET]!) ?? 0;
  const counted = lines.filter(({ few, code }) => !few && code !== null).sort((a, b) => share(b) - share(a));
  const [most, least] = [counted[0], counted.at(-1)];
  if (!most || !least) return emptyTitle(subject, detected(whole), `${subject}, trop peu d’événements pour comparer`);
  const end = 'des événements mènent à un rendez-vous honoré';
  if (most === least) return `${most.label} : ${formatShare(share(most), 0)} ${end}`;
  const say = (line: Line) => `${formatShare(share(line), 0)} (${line.label})`;
  return `${subject}, de ${say(least)} à ${say(most)} ${end}`;
}

function tableOf(
  context: ViewContext,
  frame: Frame,
  whole: Figures,
  lines: Line[],
  axis: 'offre' | 'canal',
  id: string
): PageTable {
  const search = viewSearch(context.state, { filters: { ...context.state.filters, [axis]: [] } });
  return {
    id,
    caption: `De l’événement à l’intervention par ${AXIS_LABELS[axis]}, ${frame.windowLabel}`,
    headerLabel: capitalize(AXIS_LABELS[axis]),
    columns: [
      { id: 'detectes', label: 'Événements détectés' },
      ...COLUMNS.map(({ code, label, apart }) => ({
        id: code,
        label: apart ? `À part : ${label}` : label,
        unit: 'part' as const
      }))
    ],
    rows: lines.map(({ code, label, count, cells }) => ({
      header: label,
      ...(axis === 'offre' && code !== null ? { href: `/offres/${code}${search}` } : {}),
      cells: [count, ...cells]
    })),
    total: {
      header: 'Ensemble',
      cells: [detected(whole), ...COLUMNS.map(({ code }) => stepShare(whole, code))]
    }
  };
}

interface Steps {
  /** `etapes_parcours` by step. */
  whole: Figures;
  /** The same by step and by the axis of the lines. */
  parts: Figures;
}

/** The funnel of each code of an axis, one line each. */
export function stepsByFigure(
  context: ViewContext,
  frame: Frame,
  { whole, parts }: Steps,
  axis: 'offre' | 'canal'
): ChartModel {
  const lines = linesBy(context, parts, axis);
  const title = titleOf(whole, lines, axis);
  const id = `parcours-${axis}`;
  const table = tableOf(context, frame, whole, lines, axis, id);
  const drawn = [...(lines.length === 1 ? [] : [lineOf(whole, 'Ensemble', null, {})]), ...lines];
  const met = (line: Line) => `${line.label} : ${formatCell(line.cells[MET]!, 'part')} reçus`;
  return {
    id,
    title,
    details: ['Unité : % des événements détectés', 'n : sous chaque nom', sourceOf(context)],
    svg: stepTable({
      id,
      title,
      description: drawn.map(met).join(' ; '),
      columns: COLUMNS.map(({ short, apart }) => ({ label: short, apart })),
      rows: drawn.map(({ label, count, cells, few }) => ({ label, note: noteOf(count), cells, few })),
      apartLabel: 'À part, issues neutres',
      fewLabel: `Sans barre : moins de ${FEWEST_EVENTS} cas`,
      leftOutLabel: 'issues neutres : tableau'
    }),
    comment: COMMENTS[axis],
    csvHref: csvHref(frame, table.id),
    table
  };
}

const noteOf = (count: Cell): string =>
  count.kind === 'shown' ? countOf(count.value, 'événement', 'événements') : formatCell(count);
