import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isIsoDate } from '#lib/domain/period.ts';
import { Refused } from '#lib/domain/bad-request.ts';

export interface Config {
  /** Folder of the application: holds `data/` and `queries/`. */
  root: string;
  /** Folder of the store (`VIGIE_DATA`). */
  store: string;
  caf: string;
  /** Today as an ISO day, in Paris. */
  today: string;
  /** Pseudonym key (`VIGIE_KEY`), or null. */
  key: string | null;
  /** Bytes that one deposit may send (`VIGIE_ENVOI_MAX`, in megabytes). */
  uploadLimit: number;
}

/** The application's folder: the nearest ancestor of this file that holds `queries/`, in source or once built. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'queries')) || !existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('application folder not found');
    folder = parent;
  }
  return folder;
}

/** The calendar day in Paris, whatever the machine's zone. */
export function todayInParis(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(now);
}

/** Threads of each DuckDB instance (`VIGIE_FILS`), or null: as many as processors. Throws `Refused` when unusable. */
export function databaseThreads({ VIGIE_FILS: asked }: NodeJS.ProcessEnv = process.env): string | null {
  if (!asked) return null;
  if (/^[1-9]\d{0,2}$/.test(asked)) return asked;
  throw new Refused(`VIGIE_FILS vaut « ${asked} » : un nombre de fils d’exécution est attendu, par exemple 2.`);
}

/** Reads the settings from the environment; throws `Refused` when one is unusable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const today = env.VIGIE_TODAY || todayInParis(new Date());
  if (!isIsoDate(today)) {
    throw new Refused(`VIGIE_TODAY vaut « ${today} » : une date AAAA-MM-JJ est attendue, par exemple 2026-01-31.`);
  }
  const caf = env.VIGIE_CAF || '94';
  const root = findRoot();
  if (!/^\d[\dab]\d?$/i.test(caf) || !existsSync(join(root, 'data', 'caf', caf))) {
    throw new Refused(`VIGIE_CAF vaut « ${caf} » : aucun dossier data/caf/${caf} ne décrit cette Caf.`);
  }
  const megabytes = Number(env.VIGIE_ENVOI_MAX || 2048);
  if (!Number.isFinite(megabytes) || megabytes <= 0) {
    throw new Refused(
      `VIGIE_ENVOI_MAX vaut « ${env.VIGIE_ENVOI_MAX} » : un nombre de mégaoctets est attendu, par exemple 2048.`
    );
  }
  databaseThreads(env);
  const uploadLimit = megabytes * 1024 * 1024;
  return { root, store: resolve(env.VIGIE_DATA || '.vigie'), caf, today, key: env.VIGIE_KEY || null, uploadLimit };
}
