import { lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ImportContext } from '#lib/server/extracts/import-context.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { accounting, reportSentences } from '#lib/server/extracts/report-words.ts';
import type { ImportReport } from '#lib/server/extracts/report.ts';

const INTERVAL_MS = 2_000;
/** A file still being written, by the habits of browsers and copying tools. */
const UNFINISHED = /^[.~]|\.(part|tmp|crdownload|filepart)$/i;
const REPORT = /\.rapport\.(json|txt)$/;

/** Folder of the store where a script drops extracts. */
export const watchedFolder = (store: string) => join(store, 'depot');

/**
 * Imports what a script drops in the watched folder, once a file has stopped growing, and writes the report beside it:
 * `<file>.rapport.txt` to read, `<file>.rapport.json` for scripts. An imported file is removed, as everything a file
 * holds is in the store; a refused one stays, and is tried again when it changes. Gives what stops the watch.
 */
export function watchFolder(context: ImportContext, intervalMs = INTERVAL_MS): () => void {
  const folder = watchedFolder(context.config.store);
  const seen = new Map<string, string>();
  let timer: NodeJS.Timeout;
  let stopped = false;
  const turn = async () => {
    try {
      for (const name of readyFiles(folder, seen)) await importDropped(context, folder, name);
    } catch (error) {
      console.error('watched folder:', error);
    }
    if (!stopped) timer = setTimeout(() => void turn(), intervalMs).unref();
  };
  mkdirSync(folder, { recursive: true });
  timer = setTimeout(() => void turn(), 0).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Files that have not changed since the last look, and have no report of their own yet. */
function readyFiles(folder: string, seen: Map<string, string>): string[] {
  const names = readdirSync(folder).filter((name) => !UNFINISHED.test(name) && !REPORT.test(name));
  const present = new Set(names);
  for (const name of seen.keys()) if (!present.has(name)) seen.delete(name);
  return names.filter((name) => {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!stat?.isFile()) return false;
    const mark = `${stat.size}:${stat.mtimeMs}`;
    const stable = seen.get(name) === mark;
    seen.set(name, mark);
    const report = statSync(join(folder, `${name}.rapport.json`), { throwIfNoEntry: false });
    return stable && !(report && report.mtimeMs >= stat.mtimeMs);
  });
}

async function importDropped(context: ImportContext, folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const report = await reportOn(context, path, name);
  writeFileSync(join(folder, `${name}.rapport.json`), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.rapport.txt`), `${words(report).join('\n')}\n`);
  if (!report.lots.some((lot) => 'refus' in lot)) rmSync(path, { force: true });
}

async function reportOn(context: ImportContext, path: string, name: string): Promise<ImportReport> {
  try {
    return await importFiles(context, [{ path, name }]);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { lots: [{ fichier: name, refus: error.message }] };
  }
}

function words({ lots }: ImportReport): string[] {
  return lots.flatMap((lot) => [
    ...('refus' in lot ? [] : [`${lot.fichier} : ${accounting(lot)}`]),
    ...reportSentences(lot)
  ]);
}
