import type { Cell } from '#lib/domain/cell.ts';
import type { Indicator, Unit } from '#lib/domain/indicator.ts';
import { targetWords } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';

/** What `MainFigure` shows. */
export interface MainFigureModel {
  label: string;
  cell: Cell;
  unit: Unit;
  status: Status | null;
  target: string | null;
  change: string | null;
}

/**
 * The figure a page or a section is built on: value, target, status, change, and what it rests on.
 * `byDefinition`: the filters fix the value, which is then not judged.
 */
export function mainFigure(
  context: ViewContext,
  indicator: Indicator,
  now: Figures,
  byDefinition = false
): MainFigureModel {
  const { cell, change, ...judged } = now.judged(indicator.id);
  const { status, target } = byDefinition ? { status: null, target: null } : judged;
  const basis =
    cell.kind === 'shown' && indicator.denominateur
      ? `${amount(cell.numerator)} ${indicator.unite === 'part' ? 'sur' : 'pour'} ${amount(cell.denominator)} ${indicator.denominateur.libelle}`
      : null;
  const evolution = change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`;
  return {
    label: indicator.libelle,
    cell,
    unit: indicator.unite,
    status,
    target: target && `Objectif : ${targetWords(target, indicator.unite)}`,
    change: [evolution, basis].filter((part) => part !== null).join(' · ') || null
  };
}
