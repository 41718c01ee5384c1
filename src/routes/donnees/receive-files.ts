import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { BadRequest } from '#lib/domain/bad-request.ts';
import type { SourceFile } from '#lib/server/extracts/importer.ts';

/** Reads a multipart form. Throws `BadRequest` when its body is cut or malformed. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new BadRequest(
      'L’envoi est incomplet ou mal formé : rien n’a été enregistré. Choisissez de nouveau les fichiers.'
    );
  }
}

/** The files of a form; a browser sends an empty one without name when nothing is chosen. */
function chosenFiles(form: FormData): File[] {
  const files = form.getAll('fichiers').filter((entry): entry is File => typeof entry !== 'string');
  const chosen = files.filter(({ name, size }) => name !== '' || size > 0);
  if (chosen.length > 0) return chosen;
  throw new BadRequest('Aucun fichier n’a été choisi : choisissez un ou plusieurs extraits, puis importez.');
}

/** A name is a label: the folders some browsers send with it are dropped, and it never becomes a path. */
function labelOf(name: string): string {
  return name.split(/[\\/]/).at(-1) || 'fichier sans nom';
}

/** Runs `work` on the uploaded files, written in a private folder that is removed whatever happens. */
export async function withUploadedFiles<T>(form: FormData, work: (files: SourceFile[]) => Promise<T>): Promise<T> {
  const chosen = chosenFiles(form);
  const folder = mkdtempSync(join(tmpdir(), 'vigie-depot-'));
  try {
    const files: SourceFile[] = [];
    for (const [index, file] of chosen.entries()) {
      const path = join(folder, String(index));
      const bytes = Readable.fromWeb(file.stream() as ReadableStream<Uint8Array>);
      await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
      files.push({ path, name: labelOf(file.name) });
    }
    return await work(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
