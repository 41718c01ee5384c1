import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { Refused } from '#lib/domain/bad-request.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What the first bytes of a file say of it. */
export interface Opening {
  /** `utf-8` is a first guess: a later byte may prove it Windows-1252. */
  encoding: Encoding;
  /** Bytes of the byte-order mark, to skip. */
  mark: number;
  /** Old Macintosh files end their lines with a carriage return alone. */
  carriageReturnsOnly: boolean;
  /** First lines, decoded. */
  lines: string[];
}

const FIRST_BYTES = 1 << 20;
const OPENING_LINES = 400;
const LF = 0x0a;
const CR = 0x0d;

/** Reads the start of a text; `encoding` is what the user says of it. Throws `Refused` when the file is empty. */
export async function readOpening(path: string, given?: Encoding): Promise<Opening> {
  const start = await readStart(path);
  if (start.length === 0) throw new Refused('Le fichier est vide.');
  const { encoding, mark } = detectEncoding(start);
  const chosen = given ?? encoding;
  const text = new TextDecoder(chosen).decode(start.subarray(mark));
  return {
    // Bytes that turn out not to be UTF-8 are read as Windows-1252: the user who says so is not believed more.
    encoding: chosen === 'windows-1252' && given === undefined ? 'utf-8' : chosen,
    mark,
    carriageReturnsOnly: !text.includes('\n') && text.includes('\r'),
    lines: text.split(/\r\n|\n|\r/, OPENING_LINES)
  };
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function detectEncoding(start: Buffer): { encoding: Encoding; mark: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  // UTF-16 without a mark: in mostly Latin text every other byte is zero.
  const sample = start.subarray(0, 200);
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2]!++;
  if (zeros[1]! > sample.length / 4 && zeros[0] === 0) return { encoding: 'utf-16le', mark: 0 };
  if (zeros[0]! > sample.length / 4 && zeros[1] === 0) return { encoding: 'utf-16be', mark: 0 };
  const whole = start.length < FIRST_BYTES ? start : start.subarray(0, start.lastIndexOf(LF) + 1);
  return { encoding: isUtf8(whole) ? 'utf-8' : 'windows-1252', mark: 0 };
}

/**
 * The file's bytes without its mark, in UTF-8; text announced as UTF-8 is passed as it is, unchecked.
 * `onRaw` sees the bytes of the file itself.
 */
export async function* utf8Chunks(
  path: string,
  opening: Pick<Opening, 'encoding' | 'mark' | 'carriageReturnsOnly'>,
  onRaw: (chunk: Buffer) => void = () => {}
): AsyncGenerator<Buffer> {
  const decoder = opening.encoding === 'utf-8' ? null : new TextDecoder(opening.encoding, { ignoreBOM: true });
  let toSkip = opening.mark;
  for await (const raw of createReadStream(path, { highWaterMark: 1 << 22 }) as AsyncIterable<Buffer>) {
    onRaw(raw);
    const body = raw.subarray(toSkip);
    toSkip = 0;
    const chunk = decoder ? Buffer.from(decoder.decode(body, { stream: true })) : body;
    if (opening.carriageReturnsOnly) for (let i = 0; i < chunk.length; i++) if (chunk[i] === CR) chunk[i] = LF;
    yield chunk;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}
