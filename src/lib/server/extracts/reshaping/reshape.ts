import { statSync } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import { runBounded } from '#lib/server/extracts/files/bounded-worker.ts';
import { megabytes } from '#lib/server/extracts/files/limits.ts';
import { readShape } from '#lib/server/extracts/reshaping/read-shape.ts';
import type { Reshaped, ReshapeLimits, ReshapeWork } from '#lib/server/extracts/reshaping/reshape-work.ts';

const MEGABYTE = 1024 * 1024;

export const RESHAPE_LIMITS: ReshapeLimits = {
  geojsonBytes: 64 * MEGABYTE,
  tableBytes: 1024 * MEGABYTE,
  line: 2_000_000,
  values: 3_000_000,
  milliseconds: 60_000,
  heapMegabytes: 1024
};

type Options = { root: string; outline: boolean; signal?: AbortSignal; onBytes: (count: number) => void };

/** A file of this size takes neither the memory nor the time that a worker would bound. */
const SMALL = MEGABYTE;

/**
 * Brings a file of context to long rows, a large one in a worker whose memory and time are bounded: a hostile file
 * stops neither the server nor the import. Throws `Refused` when it cannot be read within these bounds.
 */
export async function reshape(
  work: Omit<ReshapeWork, 'longest'>,
  { root, outline, signal, onBytes }: Options
): Promise<Reshaped> {
  const { limits, path } = work;
  const most = outline ? limits.geojsonBytes : limits.tableBytes;
  const { size } = statSync(path);
  if (size > most) throw new Refused(tooBig(most, outline));
  const whole: ReshapeWork = { ...work, longest: outline ? limits.geojsonBytes : limits.line };
  if (size <= SMALL) return readShape(whole, onBytes);
  return runBounded<ReshapeWork, Reshaped>({
    ...{ file: 'reshaping/reshape-worker.ts', work: whole, root, limits, signal, onBytes },
    words: {
      stopped: 'Lecture interrompue.',
      tooLarge: outline
        ? `Ce fichier de contours est trop lourd pour être lu en mémoire : ${SIMPLER}.`
        : 'Ce fichier est trop grand pour être lu en mémoire : gardez les lignes de votre département, puis réimportez-le.',
      tooLong: `La lecture de ce fichier dépasse ${Math.round(limits.milliseconds / 1000)} secondes : ${outline ? SIMPLER : 'gardez les lignes de votre département, puis réimportez-le'}.`
    }
  });
}

const SIMPLER = 'prenez celui de votre département, ou une version simplifiée (à 50 mètres, par exemple)';

const tooBig = (bytes: number, outline: boolean) =>
  outline
    ? `Ce fichier de contours dépasse ${megabytes(bytes)} : ${SIMPLER}.`
    : `Ce fichier dépasse ${megabytes(bytes)} : gardez les lignes de votre département, puis réimportez-le.`;
