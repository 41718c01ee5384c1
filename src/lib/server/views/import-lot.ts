import { error } from '@sveltejs/kit';
import { EXTRACTS, isContext } from '#lib/domain/extracts.ts';
import { formatDate, formatInstant, formatNumber } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { readManifest, readRejected } from '#lib/server/extracts/journal.ts';
import { fieldOfReject } from '#lib/server/extracts/rejects-sql.ts';
import { rowsOf } from '#lib/server/extracts/reshaping/context-words.ts';
import type { Manifest } from '#lib/server/extracts/report.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { coveredDays } from '#lib/server/views/data.ts';
import { readingWords } from '#lib/server/views/deposit-reading.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import { lotReport, type FileReport } from '#lib/server/views/import-report.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import type { Row } from '#lib/server/warehouse/database.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

export interface LotView extends PageView {
  lot: string;
  file: string;
  title: string;
  lead: string;
  active: boolean;
  report: FileReport;
  items: { term: string; text: string }[];
  /** What undoing the lot would do, in sentences. */
  undo: string[];
}

/** `/donnees/imports/[id]`: what one file brought. An unknown lot is a 404. */
export async function lotView(context: ViewContext, params: Record<string, string>): Promise<LotView> {
  const lot = context.snapshot.state.lots.find((one) => one.lot === params.id);
  if (!lot) {
    error(404, { message: `Le lot « ${params.id} » n’existe pas : le journal de la page Données les donne tous.` });
  }
  const { config } = context.house;
  const manifest = readManifest(config, lot.lot);
  const asData = context.url.searchParams.has('format');
  return {
    frame: frameOf(context),
    lot: lot.lot,
    file: lot.fichier,
    title: titleOf(lot),
    lead: leadOf(lot),
    active: lot.actif,
    report: lotReport(manifest.rapport),
    items: itemsOf(lot, manifest),
    undo: undoWords(lot),
    tables: [accountingTable(lot), ...(asData ? [rejectedTable(lot, await readRejected(config, lot.lot))] : [])]
  };
}

function titleOf({ fichier, acceptees, remplacees, rejetees, type }: Lot): string {
  const brought = acceptees + remplacees;
  const rest = rejetees > 0 ? `, ${countOf(rejetees, 'rejetée', 'rejetées')}` : ', aucune rejetée';
  return `${fichier} : ${rowsOf(brought, type)} ${brought >= 2 ? 'apportées' : 'apportée'}${rest}`;
}

function leadOf(lot: Lot): string {
  const covered = coveredDays(lot);
  return `${EXTRACTS[lot.type].libelle}${covered ? `, ${covered}` : ''}, importé le ${formatInstant(lot.importe_le)}. ${
    lot.actif ? 'Ce lot compte dans les chiffres.' : 'Ce lot est annulé : il ne compte plus dans les chiffres.'
  }`;
}

function itemsOf(lot: Lot, manifest: Manifest): { term: string; text: string }[] {
  const items = [
    { term: 'État', text: lot.actif ? 'Actif' : 'Annulé' },
    { term: 'Lu comme', text: readingWords(manifest.rapport) },
    { term: 'Couvre', text: coveredDays(lot) || (lot.type === 'contours' ? '' : 'aucune ligne valide') },
    { term: 'Importé le', text: formatInstant(lot.importe_le) },
    { term: 'Origine', text: lot.demonstration ? 'Données de démonstration' : 'Fichier déposé' },
    { term: isContext(lot.type) ? 'Valeurs gardées' : 'Lignes gardées', text: formatNumber(manifest.lignes) },
    {
      term: 'Conservation',
      text: manifest.purge_avant ? `Les lignes antérieures au ${formatDate(manifest.purge_avant)} ont été effacées` : ''
    },
    { term: 'Rang', text: `${lot.rang} : il remplace les mêmes clés des lots précédents` },
    { term: 'Lot', text: lot.lot },
    { term: 'Empreinte du fichier', text: `SHA-256 ${lot.sha256}` }
  ];
  return items.filter(({ text }) => text !== '');
}

function undoWords({ acceptees, remplacees, doublons, type }: Lot): string[] {
  const count = acceptees + remplacees;
  const end = count >= 2 ? 'apportées par ce fichier ne compteront plus' : 'apportée par ce fichier ne comptera plus';
  const brought = `${rowsOf(count, type)} ${end}`;
  return [
    `${brought} dans aucun chiffre.`,
    remplacees > 0
      ? `${countOf(remplacees, 'ligne qu’il avait remplacée reprend', 'lignes qu’il avait remplacées reprennent')} la valeur d’un lot précédent, s’il y en a un.`
      : '',
    doublons > 0 ? 'Ses doublons restent : d’autres lots les apportent aussi.' : '',
    'Ce que les autres fichiers ont apporté reste. Le lot demeure au journal, marqué « annulé » ; pour le rétablir, importez de nouveau le fichier.'
  ].filter((sentence) => sentence !== '');
}

function accountingTable(lot: Lot): PageTable {
  const { lues, acceptees, remplacees, doublons, rejetees, ignorees } = lot;
  const labels = ['Lues', 'Acceptées', 'Remplacées', 'Doublons', 'Rejetées', 'Ignorées'];
  return {
    id: 'comptes',
    caption: `Comptes du lot ${lot.lot}`,
    headerLabel: 'Fichier',
    columns: labels.map((label) => ({ id: label, label })),
    rows: [{ header: lot.fichier, cells: [lues, acceptees, remplacees, doublons, rejetees, ignorees].map(countCell) }]
  };
}

/**
 * The rejected lines as an extract to correct and drop back in: the columns of the contract, masked fields as such, then
 * the line of the file, the columns at fault and why. `motif` is a column of absences: the reason has another name there.
 */
function rejectedTable({ type }: Lot, rejected: Row[]): PageTable {
  if (isContext(type)) return rejectedValues(rejected);
  const columns = EXTRACTS[type].colonnes.map(({ nom }) => nom);
  const reason = columns.includes('motif') ? 'motif_du_rejet' : 'motif';
  const [first, ...others] = columns as [string, ...string[]];
  const lines = groupByLine(rejected);
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return {
    id: 'rejets',
    caption: 'Lignes rejetées, à corriger puis à déposer de nouveau',
    headerLabel: first,
    columns: [...others, 'ligne', reason, 'colonne'].map((id) => ({ id, label: id, align: 'left' })),
    rows: [...lines].map(([line, reasons]) => ({
      header: text(reasons[0]![first]),
      cells: [
        ...others.map((nom) => text(reasons[0]![fieldOfReject(nom)])),
        text(line),
        reasons.map(({ motif }) => text(motif)).join(' ; '),
        reasons.map(({ colonne }) => text(colonne) || 'ligne entière').join(' ; ')
      ]
    }))
  };
}

/** The rejected values of a file of context: it is corrected where it comes from. */
function rejectedValues(rejected: Row[]): PageTable {
  const columns = ['colonne', 'valeur', 'motif'];
  return {
    id: 'rejets',
    caption: 'Valeurs rejetées',
    headerLabel: 'ligne',
    columns: columns.map((id) => ({ id, label: id, align: 'left' })),
    rows: rejected.map((row) => ({
      header: String(row.ligne),
      cells: columns.map((nom) => (row[nom] === null ? '' : String(row[nom])))
    }))
  };
}

function groupByLine(rejected: Row[]): Map<unknown, Row[]> {
  const lines = new Map<unknown, Row[]>();
  for (const row of rejected) lines.set(row.ligne, [...(lines.get(row.ligne) ?? []), row]);
  return lines;
}
