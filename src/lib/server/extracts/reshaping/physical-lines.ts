import { closeSync, openSync, readSync } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Encoding } from '#lib/server/extracts/source-bytes.ts';

const CHUNK = 1 << 20;

export interface LinesOptions {
  encoding: Encoding;
  /** Characters of the longest line accepted. */
  longest: number;
  onBytes: (count: number) => void;
}

/** The lines of a text, one after the other, without its byte-order mark: the whole is never held in memory. */
export function* physicalLines(path: string, { encoding, longest, onBytes }: LinesOptions): Generator<string> {
  const file = openSync(path, 'r');
  const decoder = new TextDecoder(encoding);
  const chunk = Buffer.allocUnsafe(CHUNK);
  let pieces: string[] = [];
  let length = 0;
  // A CR that ends a chunk may be half of a CRLF.
  let afterCr = false;
  try {
    for (let read = -1; read !== 0;) {
      read = readSync(file, chunk, 0, CHUNK, null);
      onBytes(read);
      let text = decoder.decode(chunk.subarray(0, read), { stream: read > 0 });
      if (afterCr && text.startsWith('\n')) text = text.slice(1);
      if (text !== '') afterCr = text.endsWith('\r');
      const parts = text.split(/\r\n|\n|\r/);
      for (const [index, part] of parts.entries()) {
        pieces.push(part);
        length += part.length;
        if (length > longest) throw tooLong(longest);
        if (index === parts.length - 1) break;
        yield pieces.length === 1 ? part : pieces.join('');
        pieces = [];
        length = 0;
      }
    }
    if (length > 0) yield pieces.join('');
  } finally {
    closeSync(file);
  }
}

const tooLong = (longest: number) =>
  new Refused(
    `Une ligne dépasse ${longest.toLocaleString('fr-FR')} caractères : ce n’est pas un tableau lisible. Enregistrez-le de nouveau en CSV.`
  );
