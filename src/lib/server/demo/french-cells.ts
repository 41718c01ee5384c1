import { VOCABULARIES, type CodeList, type ExtractColumn } from '#lib/domain/extracts.ts';
import { addDays } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Dialect } from '#lib/server/demo/dialects.ts';
import type { Random } from '#lib/server/demo/random.ts';

export type CellValue = string | number | boolean | string[] | null;

/** Other ways to write each code, from the reference data. */
export class Spellings {
  private readonly lists = new Map<CodeList, Map<string, string[]>>();
  private readonly communes: Map<string, string>;

  constructor(reference: Reference) {
    const entries = (list: { code: string; libelle: string; synonymes?: string[] }[]) =>
      new Map(list.map(({ code, libelle, synonymes }) => [code, [libelle, ...(synonymes ?? [])]]));
    for (const name of VOCABULARIES) this.lists.set(name, entries(reference.vocabulaires[name]));
    this.lists.set('sites', entries(reference.sites));
    this.lists.set('offres', entries(reference.offres.map((o) => ({ code: o.offre, libelle: o.libelle }))));
    this.lists.set(
      'territoires',
      entries(reference.territoires.map((t) => ({ code: t.territoire, libelle: t.libelle })))
    );
    this.lists.set('lieux', entries(reference.lieux.map((l) => ({ code: l.lieu, libelle: l.libelle }))));
    this.communes = new Map(reference.communes.map((c) => [c.code, c.nom]));
  }

  /** The label most of the time, else a synonym; the code itself when it has neither. */
  of(list: CodeList | undefined, code: string, random: Random): string {
    const spellings = (list && this.lists.get(list)?.get(code)) ?? [code];
    return random.chance(0.75) ? (spellings[0] as string) : random.pick(spellings);
  }

  commune(code: string): string {
    return this.communes.get(code) ?? code;
  }
}

function writtenDate(date: string, dates: Dialect['dates']): string {
  return dates === 'iso' ? date : `${date.slice(8, 10)}/${date.slice(5, 7)}/${date.slice(0, 4)}`;
}

function writtenMonth(date: string, dates: Dialect['dates']): string {
  return dates === 'iso' ? date.slice(0, 7) : `${date.slice(5, 7)}/${date.slice(0, 4)}`;
}

/** A value as the dialect writes it, before quoting. */
export function writtenCell(
  column: ExtractColumn,
  value: CellValue,
  dialect: Dialect,
  spellings: Spellings,
  random: Random
): string {
  if (value === null) return random.chance(0.02) ? dialect.missing : '';
  if (Array.isArray(value)) return value.join('|');
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  if (typeof value === 'number') return dialect.dates === 'iso' ? String(value) : String(value).replace('.', ',');
  if (column.genre === 'date') return writtenDate(value, dialect.dates);
  if (column.genre === 'mois') return writtenMonth(value, dialect.dates);
  const isSpelt = dialect.labels > 0 && random.chance(dialect.labels);
  if (column.genre === 'code' && isSpelt) return spellings.of(column.liste, value, random);
  if (column.genre === 'commune' && isSpelt) return spellings.commune(value);
  return value;
}

/** A day that does not exist, near a real one. */
export function impossibleDate(date: string, dates: Dialect['dates']): string {
  return writtenDate(`${date.slice(0, 4)}-02-30`, dates);
}

/** A day well before another, for an end that precedes its start. */
export function earlierDate(date: string, dates: Dialect['dates']): string {
  return writtenDate(addDays(date, -40), dates);
}
