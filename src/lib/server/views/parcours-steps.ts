import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { addDays } from '#lib/domain/period.ts';
import { shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Codes, Figures } from '#lib/server/views/figures.ts';

/** The count of events by step of the way, of which all funnels are made. */
export const STEPS = 'etapes_parcours';

/** An event detected, and what it has become. */
interface StepWords {
  code: string;
  label: string;
  /** Heading of a narrow column. */
  short: string;
  /** The step it is also counted within, said after the share: « 62 % des contactés ». */
  within?: { code: string; word: string };
  /** A younger cohort would look like a fall beside an older one. */
  comparedAfterDays?: number;
}

const ANSWERED_AFTER = 90;
/** A meeting, six months of accompagnement, and as many for the longest. */
const CLOSED_AFTER = 365;

export const FOLLOWED: StepWords[] = [
  { code: 'detecte', label: 'Événements détectés', short: 'détectés' },
  { code: 'contacte', label: 'Contactés', short: 'contact' },
  {
    code: 'repondu',
    label: 'La famille a répondu',
    short: 'réponse',
    within: { code: 'contacte', word: 'contactés' },
    comparedAfterDays: ANSWERED_AFTER
  },
  { code: 'recu', label: 'Rendez-vous honoré', short: 'RDV', comparedAfterDays: ANSWERED_AFTER }
];

/** Two branches: a family may take one, the other, or one after the other. */
export const OPENED: StepWords[] = [
  {
    code: 'information_conseil',
    label: 'Information-conseil commencée',
    short: 'IC',
    comparedAfterDays: ANSWERED_AFTER
  },
  { code: 'accompagnement', label: 'Accompagnement commencé', short: 'AS', comparedAfterDays: ANSWERED_AFTER },
  {
    code: 'clos',
    label: 'Accompagnement clos',
    short: 'AS clos',
    within: { code: 'accompagnement', word: 'commencés' },
    comparedAfterDays: CLOSED_AFTER
  }
];

export const WAYS_OUT: StepWords[] = [
  { code: 'refus', label: 'La famille a décliné', short: 'refus', comparedAfterDays: ANSWERED_AFTER },
  {
    code: 'deja_accompagne',
    label: 'Déjà accompagnée',
    short: 'suivies',
    comparedAfterDays: ANSWERED_AFTER
  },
  { code: 'oriente', label: 'Orientée vers un partenaire', short: 'orientées', comparedAfterDays: ANSWERED_AFTER }
];

/** Events that reached a step; none did where others of the same cohort were detected and no row says so. */
export function stepCell(now: Figures, etape: string, at: Codes = {}, period = 0): Cell {
  const cell = now.cell(STEPS, period, { ...at, etape });
  const isZero = cell.kind === 'none' && cell.reason === 'sans_donnee' && detected(now, at, period).kind === 'shown';
  return isZero ? { ...countCell(0), ...(cell.source ? { source: cell.source } : {}) } : cell;
}

export function detected(now: Figures, at: Codes = {}, period = 0): Cell {
  return now.cell(STEPS, period, { ...at, etape: 'detecte' });
}

/** Share of the events detected that reached a step. */
export function stepShare(now: Figures, etape: string, at: Codes = {}, period = 0): Cell {
  return shareOf(stepCell(now, etape, at, period), detected(now, at, period));
}

export interface Step {
  words: StepWords;
  cell: Cell;
  previous: Cell;
  /** Of the events detected. */
  share: Cell;
  previousShare: Cell;
  /** Share of the step it is within. */
  within: Cell | null;
}

/** Is the cohort of the window too young for this step to be compared with an older one? */
export function isOpen({ window, house }: ViewContext, { comparedAfterDays = 0 }: StepWords): boolean {
  return window.au > addDays(house.config.today, -comparedAfterDays);
}

/** May meetings still come of the events of the window? */
export function isCohortOpen(context: ViewContext): boolean {
  return FOLLOWED.some((step) => isOpen(context, step));
}

/** The steps of one cohort beside the compared one. */
export function stepsOf(context: ViewContext, now: Figures, words: StepWords[]): Step[] {
  return words.map((one) => {
    const cell = stepCell(now, one.code);
    const before = (cell: Cell): Cell => (isOpen(context, one) ? { kind: 'none', reason: 'cohorte_ouverte' } : cell);
    return {
      words: one,
      cell,
      previous: before(stepCell(now, one.code, {}, 1)),
      share: stepShare(now, one.code),
      previousShare: before(stepShare(now, one.code, {}, 1)),
      within: one.within ? shareOf(cell, stepCell(now, one.within.code)) : null
    };
  });
}

/** The line that says where the figures of a funnel come from. */
export function sourceOf({ house }: ViewContext): string {
  return `Source : extraits importés, « ${house.catalogue.get(STEPS)!.libelle} »`;
}

/** « 44 » events of a hundred detected. */
export function ofHundred(share: Cell): number | null {
  const value = shownValue(share);
  return value === null ? null : Math.round(100 * value);
}
