import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS } from '#lib/domain/extracts.ts';
import { recogniseContext } from '#lib/server/extracts/context/recognise.ts';
import type { ContextOutcome, ContextShape } from '#lib/server/extracts/context/shape.ts';
import { LongText, type LongCell } from '#lib/server/extracts/reshaping/long-text.ts';
import { physicalLines } from '#lib/server/extracts/reshaping/physical-lines.ts';
import type { Reshaped, ReshapeWork } from '#lib/server/extracts/reshaping/reshape-work.ts';
import { Tally } from '#lib/server/extracts/reshaping/tally.ts';
import type { Encoding } from '#lib/server/extracts/source-bytes.ts';

const UNREADABLE =
  'Ce fichier est illisible : sa structure est abîmée, ou trop imbriquée. Téléchargez-le de nouveau, puis réimportez-le.';

/** Writes the long rows of a file of context, and what was refused of it. Throws `Refused` when it cannot be read. */
export async function readShape(work: ReshapeWork, onBytes: (count: number) => void): Promise<Reshaped> {
  const { opening, knowledge, answers, path, longest } = work;
  try {
    const { sha256, encoding } = await identify(work);
    const shape = recogniseContext(opening, knowledge, answers);
    if (!shape) throw new Error('a shape recognised once is not any more');
    return { sha256, encoding, ...write(work, shape, physicalLines(path, { encoding, longest, onBytes })) };
  } catch (error) {
    // A structure too deep, or cut short.
    if (error instanceof RangeError || error instanceof SyntaxError) throw new Refused(UNREADABLE);
    throw error;
  }
}

/** SHA-256 of the file, and the encoding its bytes really have: text announced as UTF-8 may be Windows-1252. */
async function identify(work: ReshapeWork): Promise<{ sha256: string; encoding: Encoding }> {
  const hash = createHash('sha256');
  let decoder = work.encoding === 'utf-8' ? new TextDecoder('utf-8', { fatal: true }) : null;
  let encoding = work.encoding;
  const check = (bytes?: Buffer) => {
    try {
      decoder?.decode(bytes, { stream: bytes !== undefined });
    } catch {
      decoder = null;
      encoding = 'windows-1252';
    }
  };
  for await (const chunk of createReadStream(work.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    if (!encoding.startsWith('utf-16') && chunk.includes(0))
      throw new Refused('Le fichier contient des octets nuls : ce n’est pas un texte.');
    hash.update(chunk);
    check(chunk);
  }
  check();
  return { sha256: hash.digest('hex'), encoding };
}

function write(work: ReshapeWork, shape: ContextShape, lines: Iterable<string>): Omit<Reshaped, 'sha256' | 'encoding'> {
  const rows = new LongText(work.rows, work.limits.values);
  const refused = new LongText(work.refused, work.limits.values);
  const names = EXTRACTS[shape.type].colonnes.map(({ nom }) => nom);
  const tally = new Tally();
  const outcomes = shape.rows(lines) as Iterable<ContextOutcome<object>>;
  for (const outcome of outcomes) {
    const { kind, line, column } = outcome;
    tally.see(outcome);
    if (kind === 'row') {
      const row = outcome.row as Record<string, LongCell>;
      rows.add([...names.map((nom) => row[nom] ?? null), rows.records + 1, line, column]);
    } else if (kind === 'rejected') refused.add([line, column, outcome.value?.slice(0, 200) ?? null, outcome.reason]);
  }
  rows.close();
  refused.close();
  return { ...tally.result(), rows: rows.records, refused: refused.records };
}
