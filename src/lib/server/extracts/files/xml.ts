import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { Refused } from '#lib/domain/bad-request.ts';

/** What a reader of XML does at each event; names come without their namespace prefix. */
export interface XmlReader {
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

const BROKEN = 'Ce classeur est illisible : son contenu XML est mal formé. Enregistrez-le de nouveau, ou en CSV.';

/**
 * Reads a stream of XML. Throws `Refused` when it is malformed, declares entities, or holds a stretch of more than
 * `longest` characters without markup: the parser would keep it whole in memory.
 */
export async function readXml(stream: Readable, reader: XmlReader, longest: number): Promise<void> {
  const parser = new SaxesParser();
  parser.on('error', () => {
    throw new Refused(BROKEN);
  });
  parser.on('doctype', () => {
    throw new Refused(
      'Ce classeur déclare des entités XML : il est refusé. Enregistrez-le de nouveau depuis un tableur.'
    );
  });
  parser.on('opentag', ({ name, attributes }) =>
    reader.open?.(bare(name), bareKeys(attributes as Record<string, string>))
  );
  parser.on('closetag', ({ name }) => reader.close?.(bare(name)));
  parser.on('text', (text) => reader.text?.(text));
  parser.on('cdata', (text) => reader.text?.(text));
  const decoder = new TextDecoder('utf-8');
  let stretch = 0;
  const write = (text: string) => {
    const last = text.lastIndexOf('<');
    stretch = last < 0 ? stretch + text.length : text.length - last;
    if (stretch > longest) throw new Refused('Une cellule du classeur est démesurément longue : il est refusé.');
    parser.write(text);
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) write(decoder.decode(chunk, { stream: true }));
  write(decoder.decode());
  parser.close();
}

function bare(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function bareKeys(attributes: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const key in attributes) if (!key.startsWith('xmlns')) result[bare(key)] = attributes[key]!;
  return result;
}
