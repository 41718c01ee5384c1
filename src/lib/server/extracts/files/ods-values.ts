import { numberText } from '#lib/server/extracts/files/cell-values.ts';
import type { Attributes } from '#lib/server/extracts/files/xml.ts';

/** Times that a cell, a row or a space is repeated. */
export function repeats(text: string | undefined): number {
  const count = Number(text ?? 1);
  return Number.isInteger(count) && count > 0 ? count : 1;
}

/** The typed value of a cell of ODS; null when its text is all it has. */
export function odsValue(attributes: Attributes): string | null {
  switch (attributes['value-type']) {
    case 'float':
    case 'percentage':
    case 'currency':
      return numberText(attributes.value ?? '');
    case 'date':
      return (attributes['date-value'] ?? '')
        .replace(/T00:00:00(\.0+)?$/, '')
        .replace(/(\d\d:\d\d):00(\.0+)?$/, '$1')
        .replace('T', ' ');
    case 'boolean':
      return attributes['boolean-value'] === 'true' ? 'oui' : 'non';
    case 'string':
      return attributes['string-value'] ?? null;
    default:
      return null;
  }
}
