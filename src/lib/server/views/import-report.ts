import { EXTRACTS } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { DataTableModel } from '#lib/domain/table.ts';
import { accounting, cautions, differenceSentence } from '#lib/server/extracts/report-words.ts';
import { type LotReport, type Reject, type RejectGroup } from '#lib/server/extracts/report.ts';
import { contextControl, type ContextControl } from '#lib/server/views/context-control.ts';
import { countCell } from '#lib/server/views/data-cells.ts';

const SHOWN_REJECTS = 50;

/** What the import of one file says, ready to be shown. */
export interface FileReport {
  file: string;
  type: string;
  /** Page of the lot; null on a dry run. */
  href: string | null;
  /** « 1 000 lignes lues = 990 acceptées + 10 rejetées ». */
  accounting: string;
  /** Nothing in the file was new. */
  nothingNew: boolean;
  rejected: number;
  rejectsTitle: string;
  reasons: DataTableModel;
  rejects: DataTableModel;
  rejectsCsv: string | null;
  rejectsLabel: string;
  /** To be checked before, or after, it counts. */
  cautions: string[];
  notes: string[];
  /** Of a file of context: what was recognised, and its control totals. */
  context: ContextControl | null;
}

/** The report of one file that became a lot. */
export function lotReport(report: LotReport): FileReport {
  const { rejets, motifs_de_rejet: reasons, rejetees } = report;
  const shown = Math.min(rejets.length, SHOWN_REJECTS);
  const href = report.lot && `/donnees/imports/${report.lot}`;
  return {
    file: report.fichier,
    type: EXTRACTS[report.type].libelle,
    href,
    accounting: accounting(report),
    nothingNew: report.acceptees + report.remplacees === 0 && report.doublons > 0,
    rejected: rejetees,
    rejectsTitle:
      reasons > shown
        ? `Les ${shown} premiers motifs, sur ${formatNumber(reasons)}`
        : countOf(reasons, 'motif de rejet', 'motifs de rejet'),
    reasons: reasonsTable(report.rejets_par_motif, report.contexte ? 'Valeurs' : 'Lignes'),
    rejects: rejectsTable(rejets.slice(0, SHOWN_REJECTS)),
    rejectsLabel: report.contexte
      ? 'Les valeurs rejetées (CSV)'
      : 'Les lignes rejetées, à corriger et à redéposer (CSV)',
    rejectsCsv: href && `${href}?format=csv&table=rejets`,
    cautions: cautions(report),
    notes: notesOf(report),
    context: report.contexte ? contextControl(report.contexte) : null
  };
}

function reasonsTable(groups: RejectGroup[], counted: string): DataTableModel {
  return {
    caption: 'Rejets par motif',
    headerLabel: 'Colonne',
    columns: [
      { id: 'motif', label: 'Motif', align: 'left' },
      { id: 'nombre', label: counted },
      { id: 'premiere', label: 'Première ligne' }
    ],
    rows: groups.map(({ colonne, motif, nombre, premiere_ligne }) => ({
      header: colonne ?? 'Ligne entière',
      cells: [motif, countCell(nombre), countCell(premiere_ligne)]
    }))
  };
}

function rejectsTable(rejets: Reject[]): DataTableModel {
  return {
    caption: 'Lignes rejetées',
    headerLabel: 'Ligne',
    columns: ['Colonne', 'Valeur', 'Motif'].map((label) => ({ id: label, label, align: 'left' })),
    rows: rejets.map(({ ligne, colonne, valeur, motif }) => ({
      header: formatNumber(ligne),
      cells: [colonne ?? 'ligne entière', valeur ?? '(vide)', motif]
    }))
  };
}

function notesOf(report: LotReport): string[] {
  const { colonnes_ignorees, colonnes_identifiantes, familles_pseudonymisees, differences, contexte } = report;
  const notes = differences ? [differenceSentence(differences)] : [];
  if (colonnes_identifiantes.length > 0) {
    notes.push(`Colonnes identifiantes, jamais lues ni gardées : ${colonnes_identifiantes.join(', ')}.`);
  }
  if (colonnes_ignorees.length > 0)
    notes.push(`${contexte ? 'Colonnes non lues' : 'Colonnes inconnues, ignorées'} : ${colonnes_ignorees.join(', ')}.`);
  if (familles_pseudonymisees > 0) {
    notes.push(
      `${countOf(familles_pseudonymisees, 'identifiant de famille remplacé', 'identifiants de famille remplacés')} par un pseudonyme.`
    );
  }
  return notes;
}
