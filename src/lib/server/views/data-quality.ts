import { formatDate } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { qualityRows, type EntryGap, type OrphanMeeting } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** What is missing from the data of the window, and from whom. */
export interface Quality {
  gapsSentence: string;
  gaps: PageTable;
  orphansSentence: string;
  orphans: number;
  /** Whole only when the page is asked as data. */
  orphanTable: PageTable;
}

/** Interrupted entry and meetings without intervention, over the window. */
export async function qualityOf(context: ViewContext, windowLabel: string): Promise<Quality> {
  const { house, snapshot, window, state, url } = context;
  const { root } = house.config;
  const [gaps, orphans] = await Promise.all([
    qualityRows(root, snapshot, 'saisie_interrompue', window),
    qualityRows(root, snapshot, 'sans_intervention', window)
  ]);
  const asked = state.filters.territoire;
  const shown = gaps.filter((gap) => !asked || asked.includes(gap.territoire));
  return {
    gapsSentence: gapsSentence(shown.length, windowLabel),
    gaps: gapsTable(context, shown),
    orphansSentence: orphansSentence(orphans.length, windowLabel),
    orphans: orphans.length,
    orphanTable: orphansTable(url.searchParams.has('format') ? orphans : [])
  };
}

function gapsSentence(count: number, windowLabel: string): string {
  if (count === 0) return `Aucune interruption de saisie de quatre semaines ou plus (${windowLabel}).`;
  return `${countOf(count, 'interruption')} de saisie de quatre semaines ou plus (${windowLabel}) : demandez la saisie manquante avant de lire les chiffres du territoire.`;
}

function orphansSentence(count: number, windowLabel: string): string {
  if (count === 0) return `Chaque rendez-vous est rattaché à une intervention (${windowLabel}).`;
  return (
    `${countOf(count, 'rendez-vous', 'rendez-vous')} sans intervention connue (${windowLabel}) : comptés dans les totaux, ` +
    'ils n’ont ni offre ni territoire. Ils seront rattachés dès que l’extrait Interventions les apportera.'
  );
}

function gapsTable({ house }: ViewContext, gaps: EntryGap[]): PageTable {
  return {
    id: 'saisie_interrompue',
    caption: 'Saisie interrompue, par agent',
    headerLabel: 'Agent',
    columns: [
      { id: 'territoire', label: 'Territoire', align: 'left' },
      { id: 'du', label: 'Sans saisie du', align: 'left' },
      { id: 'au', label: 'au', align: 'left' },
      { id: 'semaines', label: 'Semaines' },
      { id: 'jours', label: 'Jours hors absences' }
    ],
    rows: gaps.map((gap) => ({
      header: gap.agent,
      cells: [
        capitalize(labelOf(house.labels, 'territoire', gap.territoire)),
        formatDate(gap.du),
        formatDate(addDays(gap.au, -1)),
        countCell(Math.round(gap.jours / 7)),
        countCell(gap.jours)
      ]
    }))
  };
}

function orphansTable(orphans: OrphanMeeting[]): PageTable {
  return {
    id: 'sans_intervention',
    caption: 'Rendez-vous sans intervention',
    headerLabel: 'Rendez-vous',
    columns: ['Intervention citée', 'Agent', 'Date'].map((label) => ({ id: label, label, align: 'left' })),
    rows: orphans.map((one) => ({ header: one.rendez_vous, cells: [one.intervention, one.agent, one.date] }))
  };
}
