import { formatNumber } from '#lib/domain/format.ts';
import type { FileRefusal, ImportReport, LotReport } from '#lib/server/extracts/report.ts';
import type { Output, OutputRow } from './output.ts';

const SHOWN_REJECTS = 5;

function counts(lot: LotReport): OutputRow {
  const { lot: id, type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees } = lot;
  return { lot: id, type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees };
}

function sentences(lot: LotReport | FileRefusal): string[] {
  if ('refus' in lot) return [`${lot.fichier} : refusé. ${lot.refus}`];
  const shown = lot.rejets
    .slice(0, SHOWN_REJECTS)
    .map((reject) => `  ligne ${reject.ligne}, ${reject.colonne ?? 'ligne entière'} : ${reject.motif}`);
  const more = lot.rejets.length - shown.length;
  return [
    ...(shown.length > 0 ? [`${lot.fichier} : lignes rejetées`, ...shown] : []),
    ...(more > 0 ? [`  … et ${formatNumber(more)} autres motifs (--format json les donne tous)`] : []),
    ...lot.avertissements.map((w) => `${lot.fichier} : colonne ${w.colonne}, ${w.motif} (${w.nombre})`)
  ];
}

/** The report of an import as a command prints it; a file refused as a whole makes the exit code 1. */
export function reportOutput(report: ImportReport): Output {
  const refused = report.lots.some((lot) => 'refus' in lot);
  const rows = report.lots.map((lot): OutputRow => {
    if (!('refus' in lot)) return refused ? { ...counts(lot), refus: '' } : counts(lot);
    const { fichier, refus } = lot;
    const none = { lues: null, acceptees: null, remplacees: null, doublons: null, rejetees: null, ignorees: null };
    return { lot: null, type: null, fichier, ...none, refus };
  });
  return { json: report, rows, messages: report.lots.flatMap(sentences), code: refused ? 1 : 0 };
}
