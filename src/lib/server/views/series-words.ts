import { NONE_LABELS, shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatDate, formatMonth, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import type { PlacedRupture } from '#lib/domain/rupture.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { SIGNAL_LABELS, type Assurance, type XmrSegment } from '#lib/domain/xmr.ts';
import {
  assuranceOf,
  fillsUp,
  isShifting,
  LONG_RUN,
  monthlyTarget,
  type Control,
  type Run
} from '#lib/server/views/series-control.ts';

/** What the control limits say of the target, on a card; a page adds why. */
export const ASSURANCE_WORDS: Record<Assurance, string> = {
  toujours_atteint: 'Tel que le travail se fait, l’objectif est tenu tout mois ordinaire',
  jamais_atteint: 'Tel que le travail se fait, l’objectif est hors de portée',
  variable: 'Tel que le travail se fait, un mois ordinaire peut tenir l’objectif ou le manquer'
};

const ASSURANCE_REASONS: Record<Assurance, string> = {
  toujours_atteint: 'les limites sont tout entières de son bon côté',
  jamais_atteint: 'il est au-delà des limites, seul un changement d’organisation l’atteindrait',
  variable: 'il est entre les limites, sans que rien n’ait changé'
};

const isUnsupported = (cell: Cell | undefined) => cell?.kind === 'none' && cell.reason === 'non_ventilable';

/** What a series says first: its signal, else its break, else that nothing happened. */
export function seriesTitle(indicator: Indicator, control: Control): string {
  const { cells, days, segments, runs, breaks } = control;
  const values = cells.flatMap((cell) => shownValue(cell) ?? []);
  if (isUnsupported(cells[0])) return `${capitalize(NONE_LABELS.non_ventilable)} : retirez-le pour lire la série`;
  if (values.length < 2) return 'Moins de deux mois de données : la série ne se lit pas encore';
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => formatValue(value, indicator.unite));
  const months = countOf(values.length, 'mois', 'mois');
  if (segments.every(({ xmr }) => xmr === null)) return `Sur ${months}, l’indicateur va de ${low} à ${high}`;
  const last = runs.at(-1);
  const current = last?.segment === segments.length - 1;
  if (breaks.length > 0 && !current) return breakTitle(indicator, segments, breaks.at(-1)!);
  if (!last) return `Aucun signal en ${months} : les variations, de ${low} à ${high}, sont ordinaires`;
  const lastDay = days.findLast((_, index) => shownValue(cells[index]!) !== null);
  if (last.to === lastDay && last.months >= LONG_RUN && last.kind !== 'tendance') {
    return `Depuis ${formatMonth(last.from)}, ${last.months} mois de suite ${last.kind} de la moyenne${outsideWords(last)}`;
  }
  return `Dernier signal : ${runWords(last).replace(/\.$/, '')}`;
}

function breakTitle({ unite }: Indicator, segments: XmrSegment[], { motif, date }: PlacedRupture): string {
  const said = `Rupture déclarée, ${motif} depuis ${formatMonth(date)}`;
  const [before, after] = segments.slice(-2).map(({ xmr }) => xmr && formatValue(xmr.mean, unite));
  return before && after
    ? `${said} : la moyenne d’un mois passe de ${before} à ${after}`
    : `${said} : trop peu de mois pour dire ce qu’elle a changé`;
}

function outsideWords({ months, outside }: Run): string {
  if (outside === 0) return '';
  return outside === months ? ', tous hors des limites' : `, dont ${outside} hors des limites`;
}

/** When and how a series left the ordinary: « mai 2025 à août 2025, 4 mois au-dessous de la moyenne. » */
export function runWords(run: Run): string {
  const { kind, signal, from, to, months, outside } = run;
  const when = from === to ? formatMonth(from) : `${formatMonth(from)} à ${formatMonth(to)}`;
  if (kind === 'tendance' || months < 2) {
    const side = kind === 'tendance' ? '' : `, ${kind} de la moyenne`;
    return `${when}, ${SIGNAL_LABELS[signal]}${side}.`;
  }
  const shape = months < LONG_RUN && outside === 0 ? `, ${SIGNAL_LABELS[signal]}` : '';
  return `${when}, ${months} mois ${kind} de la moyenne${outsideWords(run)}${shape}.`;
}

/** What was declared, since when, on whose word. */
export function breakWords({ motif, date, source }: PlacedRupture): string {
  return `Rupture déclarée : ${motif}, depuis le ${formatDate(date)} (${source}). Les limites y sont recalculées, aucun signal ne l’enjambe.`;
}

/** The limits in force, and those too young to be firm. */
function limitsWords(indicator: Indicator, { segments, days }: Control): string[] {
  const last = segments.at(-1);
  if (!last) return [];
  const words: string[] = [];
  if (last.xmr) {
    const bound = (value: number) => Math.max(0, indicator.unite === 'part' ? Math.min(1, value) : value);
    const [low, high] = [last.xmr.lower, last.xmr.upper].map((value) => formatValue(bound(value), indicator.unite));
    words.push(`Tant que rien ne change, un mois ordinaire se situe entre ${low} et ${high}.`);
  } else if (segments.length > 1) {
    words.push('Depuis la rupture, il y a trop peu de mois pour des limites.');
  }
  const young = segments.filter(({ xmr }) => xmr?.provisional);
  if (segments.length === 1)
    return [...words, ...young.map(() => 'Limites provisoires : elles reposent sur moins de 12 mois.')];
  const span = ({ from, to }: XmrSegment) => `${formatMonth(days[from]!)} à ${formatMonth(days[to - 1]!)}`;
  return [...words, ...young.map((one) => `Limites provisoires, ${span(one)} : elles reposent sur moins de 12 mois.`)];
}

/** Whether the target is in reach, or why it cannot be said. */
function reachWords(indicator: Indicator, control: Control, target: Objectif | null): string[] {
  const reach = assuranceOf(indicator, control, target);
  if (reach) return [`${ASSURANCE_WORDS[reach]} : ${ASSURANCE_REASONS[reach]}.`];
  const aimed = monthlyTarget(indicator, target) !== null && ['hausse', 'baisse'].includes(indicator.sens);
  return aimed && isShifting(control)
    ? ['Le niveau a changé en cours de route : les limites ne disent pas encore si l’objectif est à portée.']
    : [];
}

/** Everything the chart shows, in words. */
export function seriesComments(indicator: Indicator, control: Control, target: Objectif | null): string[] {
  const comments = [
    ...control.breaks.map(breakWords),
    ...limitsWords(indicator, control),
    ...control.runs.map((run) => `Signal : ${runWords(run)}`),
    ...reachWords(indicator, control, target)
  ];
  if (fillsUp(indicator)) {
    comments.push('L’indicateur se remplit au fil de l’année : il n’a pas de limites de contrôle.');
  }
  if (indicator.statut_sur_mois) comments.push('L’objectif est annuel : il ne se lit pas sur un mois.');
  if (control.cells.some((cell) => cell.kind === 'none' && cell.reason === 'cohorte_ouverte')) {
    comments.push('Les derniers mois, dont la cohorte est encore ouverte, ne sont pas tracés.');
  }
  return comments;
}
