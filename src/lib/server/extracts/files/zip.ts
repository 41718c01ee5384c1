import { isUtf8 } from 'node:buffer';
import { pipeline, Transform, type Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { Refused } from '#lib/domain/bad-request.ts';
import { megabytes, WholeRefused, type Limits } from '#lib/server/extracts/files/limits.ts';

/** One file of an archive, as its central directory declares it. */
export interface ZipMember {
  name: string;
  size: number;
  encrypted: boolean;
  entry: yauzl.Entry;
}

export interface OpenZip {
  members: ZipMember[];
  /** The bytes of a member; the stream fails beyond `limit`, and when they are not those that were put in. */
  read(member: ZipMember, limit: number, onBytes?: (count: number) => void): Promise<Readable>;
  close(): void;
}

export const BROKEN_ZIP =
  'Cette archive ou ce classeur est illisible ou incomplet : produisez-le de nouveau, ou enregistrez la feuille en CSV.';

const DAMAGED = 'Ce fichier de l’archive est abîmé : refaites l’archive, ou enregistrez de nouveau le classeur.';

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
      read: async (member, limit, onBytes = () => {}) => {
        refuseInflated(member, limits, limit);
        const source = await zip.openReadStreamPromise(member.entry).catch(broken);
        return pipeline(source, checked(member, limit, onBytes), () => {});
      },
      close: () => zip.close()
    };
  } catch (error) {
    zip.close();
    return broken(error);
  }
}

const ENCRYPTED = 1;
const UTF8_NAME = 1 << 11;
const UNICODE_PATH = 0x7075;

function memberOf(entry: yauzl.Entry): ZipMember {
  const encrypted = (entry.generalPurposeBitFlag & ENCRYPTED) !== 0;
  return { name: nameOf(entry), size: entry.uncompressedSize, encrypted, entry };
}

function nameOf({ fileName, generalPurposeBitFlag: flags, extraFields }: yauzl.Entry): string {
  const raw = fileName as unknown as Buffer;
  const declared = (flags & UTF8_NAME) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH);
  // macOS writes names in UTF-8 without saying so.
  if (declared || isUtf8(raw)) return yauzl.getFileNameLowLevel(flags | UTF8_NAME, raw, extraFields, false);
  // French accents are 0xE0 and above in Windows-1252, 0x80 to 0x9F in the DOS code page that the format asks for.
  if (raw.some((byte) => byte >= 0xe0)) return new TextDecoder('windows-1252').decode(raw).replaceAll('\\', '/');
  return yauzl.getFileNameLowLevel(flags, raw, extraFields, false);
}

/** True for an error of the system, such as ENOENT or ENOSPC: it is not the file that is at fault. */
export function isSystemError(error: unknown): boolean {
  return /^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException | null)?.code ?? '');
}

function broken(error: unknown): never {
  if (error instanceof Refused || isSystemError(error)) throw error;
  throw new WholeRefused(BROKEN_ZIP);
}

/** An error while a member is read as what is to be said of it: deflated bytes that cannot be are its fault. */
export function readingError(error: unknown): Error {
  if (error instanceof Refused || isSystemError(error) || isAborted(error)) return error as Error;
  return new Refused(DAMAGED);
}

const isAborted = (error: unknown) => error instanceof Error && error.name === 'AbortError';

/** What expands beyond measure is made to fill a disk, not to be read. */
function refuseInflated({ entry, size }: ZipMember, { ratio, ratioFloor }: Limits, limit: number): void {
  if (size > limit) throw tooLarge(limit);
  if (size > ratioFloor && size > entry.compressedSize * ratio) {
    throw new Refused(
      'Ce fichier se dilate démesurément une fois décompressé : il est refusé. Produisez-le de nouveau.'
    );
  }
}

const tooLarge = (limit: number) =>
  new WholeRefused(
    `Une fois décompressé, ce fichier dépasse ${megabytes(Math.max(limit, 0))} : découpez-le, par année par exemple.`
  );

/** Lets bytes through until there are more than `limit`, as declared sizes may lie, and checks their sum at the end. */
function checked({ entry }: ZipMember, limit: number, onBytes: (count: number) => void): Transform {
  let total = 0;
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      sum = crc32(chunk, sum);
      onBytes(chunk.length);
      if (total > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
    flush(done) {
      done(sum === entry.crc32 ? null : new Refused(DAMAGED));
    }
  });
}
