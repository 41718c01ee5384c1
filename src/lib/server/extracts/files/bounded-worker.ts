import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';

/** What a worker tells: how far it is, then what it made, or why it did not. */
export type WorkerMessage<Result> =
  { bytes: number } | { result: Result } | { refused: string } | { failed: string; code?: string };

export interface BoundedWork<Work> {
  /** Below `src/lib/server/extracts`. */
  file: string;
  work: Work;
  /** The application's folder. */
  root: string;
  limits: Pick<Limits, 'milliseconds' | 'heapMegabytes'>;
  /** What is said when it is stopped, takes too much memory, or too long. */
  words: { stopped: string; tooLarge: string; tooLong: string };
  signal?: AbortSignal;
  /** Told of each piece that was read. */
  onBytes: (count: number) => void;
}

/** Runs a file apart from the server, its memory and time bounded. Throws `Refused` beyond these bounds. */
export function runBounded<Work, Result>(options: BoundedWork<Work>): Promise<Result> {
  const { file, work, root, limits, words, signal, onBytes } = options;
  return new Promise((resolve, reject) => {
    const worker = new Worker(bootstrap(root, file), {
      eval: true,
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes }
    });
    const stop = () => end(() => reject(new Refused(words.stopped)));
    const timer = setTimeout(() => end(() => reject(new Refused(words.tooLong))), limits.milliseconds);
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
    worker.on('message', (message: WorkerMessage<Result>) => {
      if (over) return;
      if ('bytes' in message) onBytes(message.bytes);
      else if ('result' in message) end(() => resolve(message.result));
      else if ('refused' in message) end(() => reject(new Refused(message.refused)));
      else end(() => reject(Object.assign(new Error(message.failed), { code: message.code })));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      end(() => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Refused(words.tooLarge) : error));
    });
    worker.on('exit', () => end(() => reject(new Refused(words.tooLarge))));
  });
}

/**
 * What the worker begins with. The built server bundles everything else, but a worker needs a file: the source, read by
 * tsx. `--import tsx` among a worker's options is not heard by Node 20.
 */
function bootstrap(root: string, file: string): string {
  const tsx = pathToFileURL(
    createRequire(join(root, 'package.json')).resolve('tsx/esm/api').replace('.cjs', '.mjs')
  ).href;
  const source = pathToFileURL(join(root, 'src', 'lib', 'server', 'extracts', file)).href;
  const failed = "require('node:worker_threads').parentPort.postMessage({ failed: String(error) })";
  return `import('${tsx}').then(({ tsImport }) => tsImport('${source}', '${source}')).catch((error) => ${failed})`;
}
