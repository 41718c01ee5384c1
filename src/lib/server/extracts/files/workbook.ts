import { runBounded } from '#lib/server/extracts/files/bounded-worker.ts';
import type { WorkbookWork } from '#lib/server/extracts/files/workbook-worker.ts';
import type { WorkbookSheets } from '#lib/server/extracts/files/sheet-text.ts';

interface WorkbookOptions {
  /** The application's folder. */
  root: string;
  signal?: AbortSignal;
  /** Told of each piece of the workbook that was read. */
  onBytes: (count: number) => void;
}

/**
 * Writes the sheets of a workbook as texts in a worker whose memory and time are bounded. Throws `Refused` when it
 * cannot be read within these bounds.
 */
export function writeWorkbook(work: WorkbookWork, options: WorkbookOptions): Promise<WorkbookSheets> {
  const { limits } = work;
  return runBounded({
    ...options,
    ...{ file: 'files/workbook-worker.ts', work, limits },
    words: {
      stopped: 'Lecture du classeur interrompue.',
      tooLarge: 'Le classeur est trop grand pour être lu en mémoire : découpez-le, ou enregistrez la feuille en CSV.',
      tooLong: `La lecture du classeur dépasse ${Math.round(limits.milliseconds / 1000)} secondes : découpez-le, ou enregistrez la feuille en CSV.`
    }
  });
}
