import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { formatNumber } from '#lib/domain/format.ts';
import type { SourceFile } from '#lib/server/extracts/importer.ts';

export type ReceivedFile = SourceFile & { size: number };

const MOST_FILES = 200;
const BROKEN = 'L’envoi est incomplet ou mal formé : rien n’a été enregistré. Choisissez de nouveau les fichiers.';

/**
 * Writes the files of a multipart form in a folder, as they come: none is held in memory. Throws `BadRequest` when the
 * body is cut or malformed, holds no file, or is longer than `limit` bytes.
 */
export async function receiveFiles(request: Request, folder: string, limit: number): Promise<ReceivedFile[]> {
  if (Number(request.headers.get('content-length') ?? 0) > limit + MARGIN) throw tooLarge(limit);
  const body = request.body;
  const type = request.headers.get('content-type') ?? '';
  if (!body || !type.startsWith('multipart/form-data')) throw new BadRequest(BROKEN);
  const files: ReceivedFile[] = [];
  const writes: Promise<void>[] = [];
  const streams: Readable[] = [];
  let total = 0;
  const parser = new Busboy({
    headers: { 'content-type': type } as BusboyHeaders,
    limits: { files: MOST_FILES, fieldSize: 10_000 }
  });
  parser.on('file', (_field, stream, name) => {
    const file = { path: join(folder, String(writes.length)), name: labelOf(name ?? ''), size: 0 };
    stream.on('data', (chunk: Buffer) => {
      file.size += chunk.length;
      total += chunk.length;
      if (total > limit) parser.destroy(tooLarge(limit));
    });
    stream.on('end', () => {
      // A browser sends an empty file without name when nothing is chosen.
      if (name || file.size > 0) files.push(file);
    });
    streams.push(stream);
    writes.push(pipeline(stream, createWriteStream(file.path, { mode: 0o600, flags: 'wx' })));
    writes.at(-1)!.catch((error) => parser.destroy(error));
  });
  parser.on('filesLimit', () => parser.destroy(TOO_MANY));
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), parser);
    await Promise.all(writes);
  } catch (error) {
    // Left open, a file given up would keep its bytes on the disk.
    for (const stream of streams) stream.destroy();
    await Promise.allSettled(writes);
    if (error instanceof BadRequest || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new BadRequest(BROKEN);
  }
  if (files.length > 0) return files;
  throw new BadRequest('Aucun fichier n’a été choisi : choisissez un ou plusieurs extraits, puis déposez-les.');
}

/** What the form adds around its files. */
const MARGIN = 1 << 20;

const TOO_MANY = new BadRequest(
  `Plus de ${MOST_FILES} fichiers à la fois : déposez-les en plusieurs fois, ou dans une archive ZIP.`
);

const tooLarge = (limit: number) =>
  new BadRequest(
    `Ces fichiers dépassent ${formatNumber(Math.floor(limit / 1024 / 1024))} Mo, le plus que ce serveur accepte en une fois : déposez-les en plusieurs fois, ou importez-les par la commande « vigie import ».`
  );

/** A name is a label: the folders some browsers send with it are dropped, and it never becomes a path. */
function labelOf(name: string): string {
  const label = name
    .split(/[\\/]/)
    .at(-1)!
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f]|%0[ad]/gi, '')
    // How browsers write a quote in a multipart header.
    .replaceAll('%22', '"')
    .slice(0, 200);
  return label || 'fichier sans nom';
}
