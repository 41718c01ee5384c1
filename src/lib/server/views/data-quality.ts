import { countOf, listOf } from '#lib/domain/sentence.ts';
import { qualityRows } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { checkedWindow, checkWords, mostlyAt } from '#lib/server/views/quality-checks.ts';
import { qualityCounts } from '#lib/server/views/quality-counts.ts';

const MOST_CHECKS = 3;

/** What is missing from the data of the window, in two sentences; the whole is on `/donnees/qualite`. */
export interface Quality {
  checks: string;
  gaps: string;
  href: string;
}

/** The most costly checks and the interruptions of entry, over the window. */
export async function qualityOf(context: ViewContext, frame: Frame): Promise<Quality> {
  const { house, snapshot, window, state } = context;
  const [counts, gaps] = await Promise.all([
    qualityCounts(context, [window]),
    qualityRows(house.config.root, snapshot, 'saisie_interrompue', window)
  ]);
  const { places, wrong } = checkedWindow(context, counts);
  const asked = state.filters.territoire;
  const own = gaps.filter(({ territoire }) => !asked || asked.includes(territoire));
  const worst = wrong.slice(0, MOST_CHECKS);
  const words = worst.map((line) => checkWords(context, line) + mostlyAt(context, line, places));
  return {
    checks:
      worst.length === 0 ? `Rien à corriger ${frame.when}.` : `À corriger d’abord, ${frame.when} : ${listOf(words)}.`,
    gaps: gapsSentence(own.length, frame.windowLabel),
    href: `/donnees/qualite${frame.search}`
  };
}

function gapsSentence(count: number, windowLabel: string): string {
  if (count === 0) return `Aucune interruption de saisie de quatre semaines ou plus (${windowLabel}).`;
  return `${countOf(count, 'interruption')} de saisie de quatre semaines ou plus (${windowLabel}) : demandez la saisie manquante avant de lire les chiffres du territoire.`;
}
