import type { Cell } from '#lib/domain/cell.ts';
import { formatNumber, formatValue } from '#lib/domain/format.ts';
import { isCount, isQuantile, type Indicator, type Unit } from '#lib/domain/indicator.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { JudgedFigure } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES, type Frame } from '#lib/server/views/frame.ts';

/** « l’objectif d’au moins 70 % », « l’objectif de 65 % », « l’objectif compris entre 10 % et 20 % ». */
export function targetPhrase(target: Objectif, unit: Unit): string {
  const words = targetWords(target, unit);
  if (target.comparateur === 'plage') return `l’objectif compris ${words}`;
  return `l’objectif ${target.comparateur === 'egal' ? 'de ' : 'd’'}${words}`;
}

function verdict(indicator: Indicator, { target, status, open }: JudgedFigure): string {
  if (!target) return open ? ' ; la cohorte est encore ouverte' : '';
  const goal = targetPhrase(target, indicator.unite);
  switch (status) {
    case 'atteint':
      return ` : ${goal} est atteint`;
    case 'proche':
      return ` : ${goal} est presque atteint`;
    case 'non_atteint':
      return ` : ${goal} n’est pas atteint`;
    default:
      return indicator.statut_sur_mois ? ` : ${goal} se juge sur ${indicator.statut_sur_mois} mois` : '';
  }
}

/** The title of an indicator's page: its value, its change, its target, as a sentence. */
export function indicatorTitle(context: ViewContext, indicator: Indicator, judged: JudgedFigure): string {
  const { cell, change } = judged;
  const { libelle, unite, phrase } = indicator;
  if (cell.kind !== 'shown') return `${libelle} : ${absenceOf(cell)}`;
  const since = change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`;
  return `${formatValue(cell.value, unite)} ${phrase}${since ? `, ${since}` : ''}${verdict(indicator, judged)}`;
}

function absenceOf(cell: Exclude<Cell, { kind: 'shown' }>): string {
  if (cell.kind === 'hidden') return 'la valeur est masquée, elle repose sur trop peu de cas';
  if (cell.reason === 'non_ventilable') return 'non ventilable selon les filtres choisis';
  return 'aucune donnée ne permet de le calculer sur cette période';
}

/** Under the title: what was divided by what, and the compared value. */
export function indicatorLead(indicator: Indicator, judged: JudgedFigure, frame: Frame): string {
  const { cell, reference } = judged;
  const counted =
    cell.kind === 'shown' ? `${frame.windowLabel} : ${countedWords(indicator, cell)}.` : `${frame.windowLabel}.`;
  const before =
    reference.kind === 'shown'
      ? ` ${capitalize(frame.comparedLabel)} : ${formatValue(reference.value, indicator.unite)}.`
      : '';
  return `${indicator.question} ${counted}${before}`;
}

function countedWords(indicator: Indicator, cell: Extract<Cell, { kind: 'shown' }>): string {
  const { numerateur, denominateur } = indicator;
  if (isQuantile(indicator)) return `calculé sur ${formatNumber(cell.denominator ?? 0)} ${numerateur.libelle}`;
  const above = `${amount(cell.numerator)} ${numerateur.libelle}`;
  return isCount(indicator) ? above : `${above}, pour ${amount(cell.denominator)} ${denominateur!.libelle}`;
}

/** A numerator or a denominator: whole when it is, else one decimal. */
export function amount(value: number | null): string {
  return value === null ? '' : formatNumber(value, Number.isInteger(value) ? 0 : 1);
}
