import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Caf } from '#lib/domain/reference.ts';
import type { DataFolder } from '#lib/server/reference/data-folder.ts';
import { cafSchema } from '#lib/server/reference/schemas.ts';

/** Reads `caf.yaml`; null once its mistakes are noted. */
export function readCaf(folder: DataFolder, file: string): Caf | null {
  const text = folder.read(file);
  if (text === null) return null;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  for (const { pos } of document.errors) {
    const message =
      'la syntaxe YAML est incorrecte. Vérifiez le retrait, les deux-points, les guillemets et les clés en double.';
    folder.mistakes.add({ file, line: lineCounter.linePos(pos[0]).line, message });
  }
  if (document.errors.length > 0) return null;
  const result = cafSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    for (const { path, message } of mistakesOf(issue)) {
      const offset = offsetOf(document, path);
      const line = offset === null ? undefined : lineCounter.linePos(offset).line;
      folder.mistakes.add({ file, line, field: path.join('.') || undefined, message });
    }
  }
  return null;
}

function mistakesOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: 'clé inconnue. Supprimez-la ou renommez-la.'
  }));
}

/** Where the value stands, or the nearest thing around it that exists. */
function offsetOf(document: Document, path: PropertyKey[]): number | null {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = document.getIn(path, true) ?? parent;
  return isNode(node) && node.range ? node.range[0] : null;
}
