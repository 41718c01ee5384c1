import type { Progress } from '#lib/server/extracts/importer.ts';

interface RunningImport {
  controller: AbortController;
  progress: Progress | null;
}

/** Imports under way in this server, by the id their page gave them: to say how far they are, and to stop them. */
const running = new Map<string, RunningImport>();

interface Follow {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** Runs an import that `progressOf` and `interrupt` know by `id` until it ends. Leaving the page stops it too. */
export async function followed<T>(id: string, request: Request, work: (follow: Follow) => Promise<T>): Promise<T> {
  const mine: RunningImport = { controller: new AbortController(), progress: null };
  if (id) running.set(id, mine);
  try {
    return await work({
      signal: AbortSignal.any([request.signal, mine.controller.signal]),
      onProgress: (progress) => (mine.progress = progress)
    });
  } finally {
    running.delete(id);
  }
}

/** How far the import is: null when none of that id runs or it has not begun to read. */
export function progressOf(id: string): Progress | null {
  return running.get(id)?.progress ?? null;
}

/** Stops the import; false when none of that id runs. */
export function interrupt(id: string): boolean {
  const found = running.get(id);
  found?.controller.abort();
  return found !== undefined;
}
