import { Transform, type Readable } from 'node:stream';
import yauzl from 'yauzl';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';

/** One file of an archive, as its central directory declares it. */
export interface ZipMember {
  name: string;
  size: number;
  encrypted: boolean;
  entry: yauzl.Entry;
}

export interface OpenZip {
  members: ZipMember[];
  read(member: ZipMember): Promise<Readable>;
  close(): void;
}

export const BROKEN_ZIP =
  'Cette archive ou ce classeur est illisible ou incomplet : produisez-le de nouveau, ou enregistrez la feuille en CSV.';

/** Opens an archive and lists its members. Throws `Refused` when it is broken or has too many. */
export async function openZip(path: string, limits: Limits): Promise<OpenZip> {
  // Names are decoded here: those that climb out of a folder are labels like others, never paths.
  const zip = await yauzl
    .openPromise(path, { decodeStrings: false, lazyEntries: true, autoClose: false })
    .catch(broken);
  try {
    if (zip.entryCount > limits.members) {
      throw new Refused(
        `L’archive contient ${zip.entryCount} fichiers, plus que les ${limits.members} qu’elle peut avoir : découpez-la.`
      );
    }
    const members: ZipMember[] = [];
    for await (const entry of zip.eachEntry()) members.push(memberOf(entry));
    return {
      members,
      read: async (member) => {
        refuseInflated(member, limits);
        const stream = await zip.openReadStreamPromise(member.entry).catch(broken);
        return stream;
      },
      close: () => zip.close()
    };
  } catch (error) {
    zip.close();
    return broken(error);
  }
}

function memberOf(entry: yauzl.Entry): ZipMember {
  const raw = entry.fileName as unknown as Buffer;
  const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  return { name, size: entry.uncompressedSize, encrypted: (entry.generalPurposeBitFlag & 1) === 1, entry };
}

function broken(error: unknown): never {
  if (error instanceof Refused) throw error;
  const { code } = error as NodeJS.ErrnoException;
  if (code && code !== 'ERR_ASSERTION' && /^E[A-Z]+$/.test(code)) throw error;
  throw new Refused(BROKEN_ZIP);
}

/** What expands beyond measure is made to fill a disk, not to be read. */
function refuseInflated({ entry, size }: ZipMember, { ratio, ratioFloor, memberBytes }: Limits): void {
  if (size > memberBytes) throw tooLarge(memberBytes);
  if (size > ratioFloor && size > entry.compressedSize * ratio) {
    throw new Refused(
      'Ce fichier se dilate démesurément une fois décompressé : il est refusé. Produisez-le de nouveau.'
    );
  }
}

export const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024).toLocaleString('fr-FR')} Mo`;

const tooLarge = (limit: number) =>
  new Refused(`Une fois décompressé, ce fichier dépasse ${megabytes(limit)} : découpez-le, par année par exemple.`);

/** Lets bytes through until there are more than `limit`: declared sizes may lie. */
export function byteLimit(limit: number, onBytes: (count: number) => void = () => {}): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      onBytes(chunk.length);
      if (total > limit) done(tooLarge(limit));
      else done(null, chunk);
    }
  });
}
