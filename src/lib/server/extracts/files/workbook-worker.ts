import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';
import { writeOds } from '#lib/server/extracts/files/ods.ts';
import type { WrittenSheet } from '#lib/server/extracts/files/sheet-text.ts';
import { writeXlsx } from '#lib/server/extracts/files/xlsx.ts';
import { openZip } from '#lib/server/extracts/files/zip.ts';

export interface WorkbookWork {
  path: string;
  format: 'xlsx' | 'ods';
  temporary: string;
  limits: Limits;
}

export type WorkbookMessage = { bytes: number } | { sheets: WrittenSheet[] } | { refused: string } | { failed: string };

/** Reads one workbook apart from the server, which goes on answering, and may be stopped at any moment. */
const { path, format, temporary, limits } = workerData as WorkbookWork;
const tell = (message: WorkbookMessage) => parentPort!.postMessage(message);
let bytes = 0;
let told = 0;
const options = {
  limits,
  newPath: () => join(temporary, randomUUID()),
  onBytes: (count: number) => {
    bytes += count;
    if (bytes - told < 1 << 20) return;
    told = bytes;
    tell({ bytes });
  }
};
try {
  const zip = await openZip(path, limits);
  try {
    tell({ sheets: await (format === 'xlsx' ? writeXlsx : writeOds)(zip, options) });
  } finally {
    zip.close();
  }
} catch (error) {
  if (error instanceof Refused) tell({ refused: error.message });
  else if ((error as NodeJS.ErrnoException).code === 'ENOSPC') tell({ failed: 'ENOSPC: No space left on device' });
  else tell({ refused: 'Ce classeur est illisible ou incomplet : enregistrez-le de nouveau, ou en CSV.' });
}
