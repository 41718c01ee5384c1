import { parentPort, workerData } from 'node:worker_threads';
import { Refused } from '#lib/domain/bad-request.ts';
import type { WorkerMessage } from '#lib/server/extracts/files/bounded-worker.ts';
import { isSystemError } from '#lib/server/extracts/files/zip.ts';
import { readShape } from '#lib/server/extracts/reshaping/read-shape.ts';
import type { Reshaped, ReshapeWork } from '#lib/server/extracts/reshaping/reshape-work.ts';

/** Reads one file of context apart from the server, which goes on answering, and may be stopped at any moment. */
const tell = (message: WorkerMessage<Reshaped>) => parentPort!.postMessage(message);

try {
  tell({ result: await readShape(workerData as ReshapeWork, (bytes) => tell({ bytes })) });
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  if (error instanceof Refused) tell({ refused: message });
  else tell({ failed: message, code: isSystemError(error as Error) ? code : undefined });
}
