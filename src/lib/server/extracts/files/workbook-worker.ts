import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Refused } from '#lib/domain/bad-request.ts';
import type { WorkerMessage } from '#lib/server/extracts/files/bounded-worker.ts';
import { DiskBudget, type Limits } from '#lib/server/extracts/files/limits.ts';
import { writeOds } from '#lib/server/extracts/files/ods.ts';
import type { WorkbookSheets } from '#lib/server/extracts/files/sheet-text.ts';
import { writeXlsx } from '#lib/server/extracts/files/xlsx.ts';
import { isSystemError, openZip, readingError } from '#lib/server/extracts/files/zip.ts';

export interface WorkbookWork {
  path: string;
  format: 'xlsx' | 'ods';
  /** Folder where nothing else is written. */
  temporary: string;
  limits: Limits;
}

/** Reads one workbook apart from the server, which goes on answering, and may be stopped at any moment. */
const { path, format, temporary, limits } = workerData as WorkbookWork;
const tell = (message: WorkerMessage<WorkbookSheets>) => parentPort!.postMessage(message);
const TOLD_EVERY = 1 << 20;
let untold = 0;
const options = {
  limits,
  budget: new DiskBudget(limits.totalBytes),
  newPath: () => join(temporary, randomUUID()),
  onBytes: (count: number) => {
    untold += count;
    if (untold < TOLD_EVERY) return;
    tell({ bytes: untold });
    untold = 0;
  }
};
try {
  const zip = await openZip(path, limits);
  try {
    tell({ result: await (format === 'xlsx' ? writeXlsx : writeOds)(zip, options) });
  } finally {
    zip.close();
  }
} catch (thrown) {
  const error = readingError(thrown);
  if (error instanceof Refused) tell({ refused: error.message });
  else tell({ failed: error.message, code: isSystemError(error) ? (error as NodeJS.ErrnoException).code : undefined });
}
