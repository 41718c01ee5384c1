import { reportSentences } from '#lib/server/extracts/report-words.ts';
import type { ImportReport, LotReport } from '#lib/server/extracts/report.ts';
import type { Output, OutputRow } from './output.ts';

function counts(lot: LotReport): OutputRow {
  const { lot: id, type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees } = lot;
  return { lot: id, type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees };
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
  return { json: report, rows, messages: report.lots.flatMap(reportSentences), code: refused ? 1 : 0 };
}
