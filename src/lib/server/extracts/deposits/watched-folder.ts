import { lstatSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
  /** What was read since the server started, should its report not be writable. */
  const done = new Map<string, number>();
  let timer: NodeJS.Timeout;
  let stopped = false;
  const turn = async () => {
    try {
      for (const file of readyFiles(folder, seen)) await importSafely(context, folder, file, done);
    } catch (error) {
      // The folder itself cannot be listed: it may come back.
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

interface DroppedFile {
  name: string;
  /** When it came or changed here, in milliseconds: a copy may keep the date of its original. */
  changed: number;
}

const changedAt = (path: string): number | null => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.ctimeMs : null;
};

/** Files that have not changed since the last look. */
function readyFiles(folder: string, seen: Map<string, string>): DroppedFile[] {
  const names = readdirSync(folder).filter((name) => !UNFINISHED.test(name) && !REPORT.test(name));
  const present = new Set(names);
  for (const name of seen.keys()) if (!present.has(name)) seen.delete(name);
  return names.flatMap((name) => {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (!stat?.isFile()) return [];
    const mark = `${stat.size}:${stat.ctimeMs}`;
    const stable = seen.get(name) === mark;
    seen.set(name, mark);
    return stable ? [{ name, changed: stat.ctimeMs }] : [];
  });
}

/** Imports a file that has no report yet. Whatever goes wrong with it does not keep the others from being read. */
async function importSafely(
  context: ImportContext,
  folder: string,
  file: DroppedFile,
  done: Map<string, number>
): Promise<void> {
  if (done.get(file.name) === file.changed) return;
  try {
    const report = statSync(join(folder, `${file.name}.rapport.json`), { throwIfNoEntry: false });
    if (report?.isFile() && report.mtimeMs >= file.changed) return;
    await importDropped(context, folder, file, () => done.set(file.name, file.changed));
  } catch (error) {
    done.set(file.name, file.changed);
    console.error(`watched folder, ${file.name}:`, error);
  }
}

/**
 * The report bears the date of the file it is about: one that replaces it, even meanwhile, is another and is read.
 * A store that refuses for the moment leaves the file to be tried again.
 */
async function importDropped(
  context: ImportContext,
  folder: string,
  { name, changed }: DroppedFile,
  onRead: () => void
): Promise<void> {
  const path = join(folder, name);
  const { report, passing } = await reportOn(context, path, name);
  if (!passing) {
    onRead();
    const json = join(folder, `${name}.rapport.json`);
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    const date = new Date(Math.ceil(changed));
    utimesSync(json, date, date);
  }
  writeFileSync(join(folder, `${name}.rapport.txt`), `${words(report).join('\n')}\n`);
  const imported = !report.lots.some((lot) => 'refus' in lot);
  if (imported && changedAt(path) === changed) rmSync(path, { force: true });
}

const UNEXPECTED =
  'Une erreur inattendue a arrêté cet import. Rien n’a été enregistré : déposez de nouveau le fichier, et signalez-la si elle revient.';

/** `passing`: the store refuses, not the file. */
async function reportOn(
  context: ImportContext,
  path: string,
  name: string
): Promise<{ report: ImportReport; passing: boolean }> {
  try {
    return { report: await importFiles(context, [{ path, name }], { takesProposals: true }), passing: false };
  } catch (error) {
    // Thrown further, it would keep the files that come after this one from being read, now and at each look.
    const refused = error instanceof Refused;
    if (!refused) console.error('watched folder:', error);
    return { report: { lots: [{ fichier: name, refus: refused ? error.message : UNEXPECTED }] }, passing: refused };
  }
}

function words({ lots }: ImportReport): string[] {
  return lots.flatMap((lot) => [
    ...('refus' in lot ? [] : [`${lot.fichier} : ${accounting(lot)}`]),
    ...reportSentences(lot)
  ]);
}
