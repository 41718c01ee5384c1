import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Refused } from '#lib/domain/bad-request.ts';
import { label } from '#lib/server/extracts/files/labels.ts';
import type { DiskBudget, Limits } from '#lib/server/extracts/files/limits.ts';
import type { Scratch } from '#lib/server/extracts/files/scratch.ts';
import { readingError, type OpenZip, type ZipMember } from '#lib/server/extracts/files/zip.ts';

/** What the readings of the members of one file share. */
export interface Work {
  limits: Limits;
  scratch: Scratch;
  budget: DiskBudget;
  signal?: AbortSignal;
  /** Told of each piece that was extracted. */
  onBytes: (count: number) => void;
}

export interface Opened<T> {
  tables: T[];
  refused: { name: string; reason: string }[];
}

/** What systems add to archives on their own. */
const ADDED = /(^|\/)(__MACOSX\/|\.[^./][^/]*$|Thumbs\.db$|desktop\.ini$)/i;

/** Extracts each file of an archive and has it opened; those that are refused are told apart. */
export async function openArchive<T extends { path: string }>(
  archive: { zip: OpenZip; name: string },
  work: Work,
  openMember: (file: { path: string; name: string }) => Promise<Opened<T>>
): Promise<Opened<T>> {
  const { limits, scratch, signal } = work;
  const members = archive.zip.members.filter(({ name }) => !/[\\/]$/.test(name) && !ADDED.test(name));
  if (members.length === 0) throw new Refused('Cette archive ne contient aucun fichier.');
  if (members.reduce((sum, { size }) => sum + size, 0) > limits.totalBytes)
    throw new Refused('Une fois décompressée, cette archive est trop volumineuse : découpez-la.');
  const opened: Opened<T> = { tables: [], refused: [] };
  for (const member of members) {
    const name = `${archive.name} › ${label(member.name)}`;
    try {
      const { tables, refused } = await openMember({ path: await extract(archive.zip, member, work), name });
      opened.tables.push(...tables);
      opened.refused.push(...refused);
    } catch (error) {
      if (!(error instanceof Refused) || signal?.aborted) throw error;
      opened.refused.push({ name, reason: error.message });
    }
    scratch.keepOnly(opened.tables);
  }
  return opened;
}

async function extract(zip: OpenZip, member: ZipMember, work: Work): Promise<string> {
  if (member.encrypted) throw new Refused('Ce fichier est protégé par un mot de passe : refaites l’archive sans.');
  const { scratch, limits, signal, budget, onBytes } = work;
  const path = scratch.newPath();
  try {
    const source = await zip.read(member, Math.min(limits.memberBytes, budget.left), (count) => {
      budget.spend(count);
      onBytes(count);
    });
    await pipeline(source, createWriteStream(path, { mode: 0o600, flags: 'wx' }), { signal });
  } catch (error) {
    throw readingError(error);
  }
  return path;
}
