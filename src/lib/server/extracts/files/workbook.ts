import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';
import type { WorkbookMessage, WorkbookWork } from '#lib/server/extracts/files/workbook-worker.ts';
import type { WorkbookSheets } from '#lib/server/extracts/files/sheet-text.ts';

interface WorkbookOptions {
  /** The application's folder. */
  root: string;
  signal?: AbortSignal;
  /** Told of each piece of the workbook that was read. */
  onBytes: (count: number) => void;
}

const TOO_LARGE = 'Le classeur est trop grand pour être lu en mémoire : découpez-le, ou enregistrez la feuille en CSV.';

/**
 * Writes the sheets of a workbook as texts in a worker whose memory and time are bounded. Throws `Refused` when it
 * cannot be read within these bounds.
 */
export function writeWorkbook(work: WorkbookWork, { root, signal, onBytes }: WorkbookOptions): Promise<WorkbookSheets> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(bootstrap(root), {
      eval: true,
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: work.limits.heapMegabytes }
    });
    const stop = () => end(() => reject(new Refused('Lecture du classeur interrompue.')));
    const timer = setTimeout(() => end(() => reject(new Refused(tooLong(work.limits)))), work.limits.milliseconds);
    let over = false;
    function end(settle: () => void): void {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      void worker.terminate().then(settle);
    }
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    worker.on('message', (message: WorkbookMessage) => {
      if (over) return;
      if ('bytes' in message) onBytes(message.bytes);
      else if ('sheets' in message) end(() => resolve(message.sheets));
      else if ('refused' in message) end(() => reject(new Refused(message.refused)));
      else end(() => reject(Object.assign(new Error(message.failed), { code: message.code })));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      end(() => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Refused(TOO_LARGE) : error));
    });
    worker.on('exit', () => end(() => reject(new Refused(TOO_LARGE))));
  });
}

/**
 * What the worker begins with. The built server bundles everything else, but a worker needs a file: the source, read by
 * tsx. `--import tsx` among a worker's options is not heard by Node 20.
 */
function bootstrap(root: string): string {
  const tsx = pathToFileURL(
    createRequire(join(root, 'package.json')).resolve('tsx/esm/api').replace('.cjs', '.mjs')
  ).href;
  const source = pathToFileURL(join(root, 'src', 'lib', 'server', 'extracts', 'files', 'workbook-worker.ts')).href;
  const failed = "require('node:worker_threads').parentPort.postMessage({ failed: String(error) })";
  return `import('${tsx}').then(({ tsImport }) => tsImport('${source}', '${source}')).catch((error) => ${failed})`;
}

const tooLong = ({ milliseconds }: Limits) =>
  `La lecture du classeur dépasse ${Math.round(milliseconds / 1000)} secondes : découpez-le, ou enregistrez la feuille en CSV.`;
