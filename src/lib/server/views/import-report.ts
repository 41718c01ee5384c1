import { EXTRACTS } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { DataTableModel } from '#lib/domain/table.ts';
import { isRefusal, type Counts, type FileRefusal, type LotReport, type Reject } from '#lib/server/extracts/report.ts';
import { countCell } from '#lib/server/views/data-cells.ts';

const SHOWN_REJECTS = 50;

/** What the import of one file says, ready to be shown. */
export interface FileReport {
  kind: 'lot';
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
  notes: string[];
}

export interface RefusedFile {
  kind: 'refusal';
  file: string;
  reason: string;
}

/** The report of one file of an import. */
export function reportOf(report: LotReport | FileRefusal): FileReport | RefusedFile {
  if (isRefusal(report)) return { kind: 'refusal', file: report.fichier, reason: report.refus };
  return lotReport(report);
}

/** The report of one file that became a lot. */
export function lotReport(report: LotReport): FileReport {
  const { rejets, motifs_de_rejet: reasons, rejetees } = report;
  const shown = Math.min(rejets.length, SHOWN_REJECTS);
  const href = report.lot && `/donnees/imports/${report.lot}`;
  return {
    kind: 'lot',
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
    reasons: reasonsTable(rejets),
    rejects: rejectsTable(rejets.slice(0, SHOWN_REJECTS)),
    rejectsCsv: href && `${href}?format=csv&table=rejets`,
    notes: notesOf(report)
  };
}

/** The accounting invariant in words: terms that are zero are left out. */
export function accounting(counts: Counts): string {
  const { lues, acceptees, remplacees, doublons, rejetees, ignorees } = counts;
  const terms = [
    { n: acceptees, one: 'acceptée', many: 'acceptées' },
    { n: remplacees, one: 'remplacée', many: 'remplacées' },
    { n: doublons, one: 'doublon', many: 'doublons' },
    { n: rejetees, one: 'rejetée', many: 'rejetées' },
    { n: ignorees, one: 'ignorée', many: 'ignorées' }
  ].filter(({ n }) => n > 0);
  const sum = terms.map(({ n, one, many }) => countOf(n, one, many)).join(' + ');
  return `${countOf(lues, 'ligne lue', 'lignes lues')} = ${sum || '0'}`;
}

function reasonsTable(rejets: Reject[]): DataTableModel {
  const groups = new Map<string, { reject: Reject; count: number }>();
  for (const reject of rejets) {
    const key = `${reject.colonne ?? ''}|${reject.motif}`;
    const known = groups.get(key);
    if (known) known.count++;
    else groups.set(key, { reject, count: 1 });
  }
  return {
    caption: 'Rejets par motif',
    headerLabel: 'Colonne',
    columns: [
      { id: 'motif', label: 'Motif', align: 'left' },
      { id: 'nombre', label: 'Lignes' },
      { id: 'premiere', label: 'Première ligne' }
    ],
    rows: [...groups.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ reject, count }) => ({
        header: reject.colonne ?? 'Ligne entière',
        cells: [reject.motif, countCell(count), countCell(reject.ligne)]
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
  const { colonnes_ignorees, colonnes_identifiantes, familles_pseudonymisees, avertissements } = report;
  const notes = avertissements.map(({ colonne, motif, nombre, exemples }) => {
    const listed = exemples.length > 0 ? ` : ${exemples.join(', ')}${nombre > exemples.length ? '…' : ''}` : '';
    return `À vérifier, colonne ${colonne} : ${motif} (${formatNumber(nombre)}${listed}). Les lignes sont gardées.`;
  });
  if (colonnes_identifiantes.length > 0) {
    notes.push(`Colonnes identifiantes, jamais lues ni gardées : ${colonnes_identifiantes.join(', ')}.`);
  }
  if (colonnes_ignorees.length > 0) notes.push(`Colonnes inconnues, ignorées : ${colonnes_ignorees.join(', ')}.`);
  if (familles_pseudonymisees > 0) {
    notes.push(
      `${countOf(familles_pseudonymisees, 'identifiant de famille remplacé', 'identifiants de famille remplacés')} par un pseudonyme.`
    );
  }
  return notes;
}
