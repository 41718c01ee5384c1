import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { Refused } from '#lib/domain/bad-request.ts';
import { Namespaces } from '#lib/server/extracts/files/xml-namespaces.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What a reader of XML does at each event; names come without their namespace prefix. */
export interface XmlReader {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

export interface XmlOptions {
  /** Elements of other namespaces, and what they hold, are not told of. */
  namespaces?: ReadonlySet<string>;
  /** A DOCTYPE is passed over, its entities never expanded, rather than refused. */
  doctypeAllowed?: boolean;
}

/** Characters the parser may keep before it tells of something: the text of one cell and its escapes take fewer. */
const LONGEST_PIECE = 1 << 20;

const BROKEN = 'Ce classeur est illisible : son contenu XML est mal formé. Enregistrez-le de nouveau, ou en CSV.';
const DOCTYPE = 'Ce classeur déclare des entités XML : il est refusé. Enregistrez-le de nouveau depuis un tableur.';
const ENDLESS = 'Une cellule du classeur est démesurément longue : il est refusé.';

/**
 * Reads a stream of XML. Throws `Refused` when it is malformed, declares entities, or holds more in one piece than a
 * cell may: the parser would keep it whole in memory.
 */
export async function readXml(stream: Readable, reader: XmlReader, options: XmlOptions = {}): Promise<void> {
  const untold = { length: 0 };
  const parser = parserOf(reader, options, () => void (untold.length = 0));
  const decoder = new TextDecoder('utf-8');
  const write = (text: string) => {
    untold.length += text.length;
    parser.write(text);
    if (untold.length > LONGEST_PIECE) refuse(ENDLESS);
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) write(decoder.decode(chunk, { stream: true }));
  write(decoder.decode());
  parser.close();
}

function parserOf(reader: XmlReader, { namespaces, doctypeAllowed }: XmlOptions, told: () => void): SaxesParser {
  const parser = new SaxesParser({ position: false });
  const scope = new Namespaces(namespaces);
  const text = (piece: string) => {
    told();
    if (scope.within) reader.text?.(piece);
  };
  parser.on('error', () => refuse(BROKEN));
  parser.on('doctype', () => {
    told();
    if (!doctypeAllowed) refuse(DOCTYPE);
  });
  // No more events than these: with two more, V8 keeps the parser as a dictionary, three times slower.
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('opentag', ({ name, attributes }) => {
    told();
    const given = attributes as Record<string, string>;
    if (scope.open(name, given)) reader.open?.(bare(name), bareKeys(given));
  });
  parser.on('closetag', ({ name }) => {
    told();
    if (scope.close()) reader.close?.(bare(name));
  });
  return parser;
}

function refuse(reason: string): never {
  throw new Refused(reason);
}

function bare(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** Where two names differ by their prefix alone, the one without is kept. */
function bareKeys(attributes: Record<string, string>): Attributes {
  let prefixed = false;
  for (const key in attributes) if (key.includes(':') || key === 'xmlns') prefixed = true;
  if (!prefixed) return attributes;
  const result: Record<string, string> = {};
  for (const key in attributes) {
    const name = bare(key);
    if (!key.startsWith('xmlns') && (name === key || attributes[name] === undefined)) result[name] = attributes[key]!;
  }
  return result;
}
