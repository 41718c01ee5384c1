import { controlChart } from '#lib/charts/control-chart.ts';
import { NONE_LABELS, shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatRound, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { assurance, SIGNAL_LABELS, xmr, type Assurance, type Signal, type Xmr } from '#lib/domain/xmr.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** The 24 months of one indicator as a control chart, with its signals in words. */
export interface Series {
  title: string;
  /** Empty when there is nothing to draw. */
  svg: string;
  comments: string[];
  table: PageTable;
}

const ASSURANCE_WORDS: Record<Assurance, string> = {
  toujours_atteint: 'Tel que le travail se fait, l’objectif est tenu mois après mois : il est en deçà des limites.',
  jamais_atteint:
    'Tel que le travail se fait, l’objectif est hors de portée : il est au-delà des limites, seul un changement d’organisation l’atteindrait.',
  variable: 'Tel que le travail se fait, l’objectif est tantôt tenu, tantôt manqué, sans que rien n’ait changé.'
};

/** Months of an open cohort are left out: they would look like a fall. */
function monthCells(indicator: Indicator, months: Figures): Cell[] {
  return months.periods.map((_, index) => {
    const { cell, open } = months.judged(indicator.id, {}, index, index);
    return open ? { kind: 'none', reason: 'cohorte_ouverte' } : cell;
  });
}

/** The series of figures measured month by month; `target` is the one in force at the end of the window. */
export function seriesOf(indicator: Indicator, months: Figures, target: Objectif | null): Series {
  const cells = monthCells(indicator, months);
  const days = months.periods.map(({ du }) => du);
  const fillsUp = indicator.numerateur.agregat === 'stock';
  const limits = fillsUp ? null : xmr(cells.map(shownValue));
  const line = indicator.statut_sur_mois ? null : target;
  const title = titleOf(indicator, cells, days, limits);
  const comments = commentsOf(indicator, cells, days, limits, line);
  const chart = {
    id: 'serie',
    title,
    description: comments.join(' '),
    unit: indicator.unite,
    points: cells.map((cell, index) => ({ month: days[index]!, cell })),
    xmr: limits,
    target: line && { value: line.valeur, label: `objectif ${formatRound(line.valeur, indicator.unite)}` }
  };
  return {
    title,
    comments,
    svg: cells.every((cell) => cell.kind !== 'shown') ? '' : controlChart(chart),
    table: tableOf(indicator, cells, days, limits)
  };
}

function titleOf(indicator: Indicator, cells: Cell[], days: string[], limits: Xmr | null): string {
  const values = cells.flatMap((cell) => shownValue(cell) ?? []);
  if (isUnsupported(cells[0])) return `${capitalize(NONE_LABELS.non_ventilable)} : retirez-le pour lire la série`;
  if (values.length < 2) return 'Moins de deux mois de données : la série ne se lit pas encore';
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => formatValue(value, indicator.unite));
  const months = countOf(values.length, 'mois', 'mois');
  if (!limits) return `Sur ${months}, l’indicateur va de ${low} à ${high}`;
  const runs = runsOf(cells, days, limits);
  const last = runs.at(-1);
  if (!last) return `Aucun signal en ${months} : les variations, de ${low} à ${high}, sont ordinaires`;
  const lastDay = days.findLast((_, index) => shownValue(cells[index]!) !== null);
  if (last.to === lastDay && last.months >= LONG_RUN && last.kind !== 'tendance') {
    return `Depuis ${formatMonth(last.from)}, ${last.months} mois de suite ${last.kind} de la moyenne${outsideWords(last)}`;
  }
  return `Dernier signal : ${runWords(last).replace(/\.$/, '')}`;
}

const isUnsupported = (cell: Cell | undefined) => cell?.kind === 'none' && cell.reason === 'non_ventilable';

interface Run {
  kind: 'au-dessus' | 'au-dessous' | 'tendance';
  signal: Signal;
  from: string;
  to: string;
  months: number;
  /** Months out of the limits. */
  outside: number;
}

/** A shift of level takes seven points. */
const LONG_RUN = 7;

/** Successive months with a signal on the same side of the mean, or of one trend. */
function runsOf(cells: Cell[], days: string[], limits: Xmr): Run[] {
  const runs: Run[] = [];
  let open: Run | null = null;
  cells.forEach((cell, index) => {
    const value = shownValue(cell);
    if (value === null) return;
    const signal = limits.signals[index] ?? null;
    const kind = signal === 'tendance' ? 'tendance' : value > limits.mean ? 'au-dessus' : 'au-dessous';
    if (signal === null) open = null;
    else if (open?.kind === kind) {
      open = Object.assign(open, { to: days[index]!, months: open.months + 1 });
    } else {
      open = { kind, signal, from: days[index]!, to: days[index]!, months: 1, outside: 0 };
      runs.push(open);
    }
    if (open && signal === 'hors_limites') open.outside++;
  });
  return runs;
}

function outsideWords({ months, outside }: Run): string {
  if (outside === 0) return '';
  return outside === months ? ', tous hors des limites' : `, dont ${outside} hors des limites`;
}

function runWords(run: Run): string {
  const { kind, signal, from, to, months, outside } = run;
  const when = from === to ? formatMonth(from) : `${formatMonth(from)} à ${formatMonth(to)}`;
  if (kind === 'tendance' || months < 2) {
    const side = kind === 'tendance' ? '' : `, ${kind} de la moyenne`;
    return `${when}, ${SIGNAL_LABELS[signal]}${side}.`;
  }
  const shape = months < LONG_RUN && outside === 0 ? `, ${SIGNAL_LABELS[signal]}` : '';
  return `${when}, ${months} mois ${kind} de la moyenne${outsideWords(run)}${shape}.`;
}

function commentsOf(indicator: Indicator, cells: Cell[], days: string[], limits: Xmr | null, target: Objectif | null) {
  const comments: string[] = [];
  if (limits) {
    const [low, high] = [limits.lower, limits.upper].map((value) =>
      formatValue(Math.max(0, indicator.unite === 'part' ? Math.min(1, value) : value), indicator.unite)
    );
    const runs = runsOf(cells, days, limits);
    comments.push(`Tant que rien ne change, un mois ordinaire se situe entre ${low} et ${high}.`);
    if (limits.provisional) comments.push('Limites provisoires : elles reposent sur moins de 12 mois.');
    comments.push(...runs.map((run) => `Signal : ${runWords(run)}`));
    // Only a process without signal says what it can reach.
    const stable = !limits.provisional && runs.length === 0;
    const reach = stable ? assurance(limits, target?.valeur ?? null, indicator.sens) : null;
    if (reach) comments.push(ASSURANCE_WORDS[reach]);
  }
  if (indicator.numerateur.agregat === 'stock') {
    comments.push('L’indicateur se remplit au fil de l’année : il n’a pas de limites de contrôle.');
  }
  if (indicator.statut_sur_mois) comments.push('L’objectif est annuel : il ne se lit pas sur un mois.');
  if (cells.some((cell) => cell.kind === 'none' && cell.reason === 'cohorte_ouverte')) {
    comments.push('Les derniers mois, dont la cohorte est encore ouverte, ne sont pas tracés.');
  }
  return comments;
}

function tableOf(indicator: Indicator, cells: Cell[], days: string[], limits: Xmr | null): PageTable {
  const counted = indicator.denominateur !== null;
  return {
    id: 'serie',
    caption: `${indicator.libelle}, mois par mois`,
    headerLabel: 'Mois',
    columns: [
      { id: 'valeur', label: 'Valeur', unit: indicator.unite },
      ...(counted ? [{ id: 'numerateur', label: 'Numérateur' }] : []),
      { id: 'denominateur', label: counted ? 'Dénominateur' : 'Cas' },
      { id: 'signal', label: 'Signal', align: 'left' }
    ],
    rows: cells.map((cell, index) => {
      const signal = limits?.signals[index] ?? null;
      const parts = cell.kind === 'shown' ? [cell.numerator, cell.denominator] : null;
      return {
        header: capitalize(formatMonth(days[index]!)),
        cells: [
          cell,
          ...(parts ? parts.slice(counted ? 0 : 1).map(countCell) : counted ? ['', ''] : ['']),
          signal ? SIGNAL_LABELS[signal] : ''
        ]
      };
    })
  };
}
