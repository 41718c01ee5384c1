import type { DataTableModel } from '#lib/domain/table.ts';
import {
  changeWords,
  contextNotes,
  controlWords,
  sourceWords,
  spanWords
} from '#lib/server/extracts/reshaping/context-words.ts';
import type { ContextReport, ContextTotal } from '#lib/server/extracts/reshaping/context-report.ts';
import { countCell } from '#lib/server/views/data-cells.ts';

/** What was recognised of a file of context, and the totals that tell it is whole. */
export interface ContextControl {
  sentence: string;
  source: string;
  /** Null when the file counts nothing: a composition, outlines. */
  totals: DataTableModel | null;
  notes: string[];
}

const LEVELS: Record<string, string> = {
  commune: 'Communes',
  epci: 'EPCI',
  ept: 'EPT',
  qpv: 'Quartiers prioritaires',
  departement: 'Départements'
};

/** The control totals of a file of context, to be looked at before it is accepted. */
export function contextControl(report: ContextReport): ContextControl {
  return {
    sentence: controlWords(report),
    source: report.sources.length > 0 ? `Source : ${sourceWords(report)}` : '',
    totals: report.totaux.length > 0 ? totalsTable(report.totaux) : null,
    notes: contextNotes(report)
  };
}

function totalsTable(totals: ContextTotal[]): DataTableModel {
  const levels = new Set(totals.map(({ niveau }) => niveau));
  return {
    caption: 'Totaux de contrôle',
    headerLabel: 'Variable',
    columns: [
      { id: 'date', label: 'Date', align: 'left' },
      ...(levels.size > 1 ? [{ id: 'niveau', label: 'Niveau', align: 'left' } as const] : []),
      { id: 'lieux', label: levels.size > 1 ? 'Lieux' : (LEVELS[totals[0]!.niveau] ?? 'Lieux') },
      { id: 'sans_valeur', label: 'Sans valeur' },
      { id: 'total', label: 'Total' },
      { id: 'unite', label: 'Unité', align: 'left' },
      { id: 'evolution', label: 'Évolution', align: 'left' }
    ],
    rows: totals.map((total) => ({
      header: total.libelle,
      cells: [
        spanWords(total.periode, total.periode),
        ...(levels.size > 1 ? [LEVELS[total.niveau] ?? total.niveau] : []),
        countCell(total.zones),
        countCell(total.zones - total.renseignees),
        countCell(total.total),
        total.unite,
        changeWords(total)
      ]
    }))
  };
}
