import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import type { ReferenceTable } from '#lib/domain/reference-tables.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import {
  changeRows,
  checkedRequest,
  checkedWords,
  type Changed,
  type ChangeRequest,
  type Words
} from '#lib/server/reference/change.ts';
import {
  appendChange,
  readChanges,
  withoutChange,
  type ReferenceChange
} from '#lib/server/reference/change-journal.ts';
import {
  digest,
  localFolder,
  localPath,
  tableDigest,
  tableText,
  writtenRows
} from '#lib/server/reference/local-tables.ts';

type Place = Pick<Config, 'root' | 'caf' | 'store'>;

/** A table about to be written, with what the journal will say of it. */
export interface Revision {
  table: ReferenceTable;
  text: string;
  change: ReferenceChange;
}

/** Tells a table from another: a form opened on one must not be applied to another. */
export function tableMark(reference: Reference, table: ReferenceTable): string {
  return digest(tableText(table, writtenRows(reference, table))).slice(0, 16);
}

/** The changes made so far, and the lines of the journal that cannot be read. */
export const history = (config: Place) => readChanges(config.store, (table) => tableDigest(config, table));

/** What a request makes of its table. Throws `BadRequest` or `Refused` in words for who filled the form. */
export function planChange(config: Place, reference: Reference, request: ChangeRequest, now: Date): Revision {
  const { valeurs, etat, ...checked } = checkedRequest(request);
  if (etat !== tableMark(reference, checked.table))
    throw new Refused('Cette table a changé depuis l’ouverture de la page : rechargez-la, puis recommencez.');
  const changed = changeRows(writtenRows(reference, checked.table), { ...checked, valeurs, etat });
  return revisionOf(config, { ...checked, instant: now.toISOString() }, changed);
}

/** Communes that go to another territoire on the same day, by the same decision. */
export interface MovesRequest extends Words {
  deplacements: { commune: string; vers: string }[];
  /** First day in the new territoire. */
  effet: string;
  /** `tableMark` of the sectorisation the page was opened on. */
  etat: string;
}

/** Closes the row of each commune and opens the next one: one change, all or nothing. Throws as `planChange` does. */
export function planMoves(config: Place, reference: Reference, request: MovesRequest, now: Date): Revision {
  const { deplacements, ...decision } = request;
  if (deplacements.length === 0) throw new Refused('Aucune commune ne change de territoire : rien à enregistrer.');
  const cle = deplacements.map(({ commune }) => commune).join('+');
  const asked: ChangeRequest = { ...decision, table: 'sectorisation', geste: 'modifier', cle, valeurs: {} };
  const { valeurs, etat, ...checked } = checkedRequest(asked);
  if (etat !== tableMark(reference, 'sectorisation'))
    throw new Refused('La sectorisation a changé depuis l’ouverture de la page : rechargez-la, puis recommencez.');
  const all: Changed = { rows: writtenRows(reference, 'sectorisation'), avant: [], apres: [] };
  for (const { commune, vers } of deplacements) {
    const one = changeRows(all.rows, { ...checked, etat, cle: commune, valeurs: { ...valeurs, territoire: vers } });
    all.rows = one.rows;
    all.avant.push(...one.avant);
    all.apres.push(...one.apres);
  }
  return revisionOf(config, { ...checked, instant: now.toISOString() }, all);
}

/** Takes back the last change, which must be that of the instant `seen`: the journal keeps both. */
export function planUndo(config: Place, reference: Reference, words: Words & { seen: string }, now: Date): Revision {
  const last = history(config).changes.at(-1);
  if (last && last.instant !== words.seen)
    throw new Refused('Un autre changement a été fait depuis l’ouverture de la page : rechargez-la, puis recommencez.');
  if (!last) throw new BadRequest('Aucun changement n’a été enregistré : il n’y a rien à rétablir.');
  const rows = withoutChange(writtenRows(reference, last.table), last);
  if (!rows) throw new Refused('Les lignes de ce changement ont été modifiées depuis : il ne peut plus être repris.');
  const { table, cle, effet } = last;
  const entry = { table, cle, effet, ...checkedWords(words), geste: 'retablir' as const, instant: now.toISOString() };
  return revisionOf(config, entry, { rows, avant: last.apres, apres: last.avant });
}

type Entry = Omit<ReferenceChange, 'avant' | 'apres' | 'empreinte_avant' | 'empreinte_apres'>;
function revisionOf(config: Place, entry: Entry, { rows, avant, apres }: Changed): Revision {
  const { table } = entry;
  const text = tableText(table, rows);
  const digests = { empreinte_avant: tableDigest(config, table), empreinte_apres: digest(text) };
  return { table, text, change: { ...entry, avant, apres, ...digests } };
}

/**
 * Writes the line of the journal, then the table with `write`, which must replace a file at once. Gives what puts the
 * table back. To be called by the writer of the store only.
 */
export function writeRevision(
  store: string,
  { table, text, change }: Revision,
  write: (path: string, text: string) => void
): () => void {
  const path = localPath(store, table);
  mkdirSync(localFolder(store), { recursive: true });
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  appendChange(store, change);
  write(path, text);
  return () => (before === null ? rmSync(path, { force: true }) : write(path, before));
}
