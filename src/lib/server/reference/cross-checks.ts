import type { Caf } from '#lib/domain/reference.ts';
import type { Mistakes } from '#lib/server/reference/mistakes.ts';
import type { Table } from '#lib/server/reference/read-table.ts';
import type { Tables } from '#lib/server/reference/tables.ts';

interface Dated {
  valable_du: string;
  valable_au: string | null;
}
interface Named {
  libelle: string;
  synonymes: string[];
}

/** Notes what is wrong between rows and between files. */
export function crossCheck(tables: Tables, cafCode: string, caf: Caf | null, mistakes: Mistakes): void {
  if (caf) checkCaf(cafCode, caf, tables, mistakes);
  checkCodes(tables, mistakes);
  checkLinks(tables, mistakes);
  checkValidity(tables, mistakes);
  checkSectorisation(tables, mistakes);
  checkTerritoiresInForce(tables, mistakes);
  checkContext(tables, mistakes);
}

function checkCaf(cafCode: string, caf: Caf, { communes }: Tables, mistakes: Mistakes): void {
  const file = `data/caf/${cafCode}/caf.yaml`;
  if (caf.code !== cafCode) {
    mistakes.add({
      file,
      field: 'code',
      message: `« ${caf.code} » ne correspond pas au dossier. Écrivez "${cafCode}".`
    });
  }
  for (const { line, value } of communes.rows) {
    if (value.departement === caf.departement) continue;
    const message = `« ${value.departement} » n'est pas le département du fichier. Écrivez ${caf.departement} ou retirez la ligne.`;
    mistakes.add({ file: communes.file, line, field: 'departement', message });
  }
}

function checkCodes(tables: Tables, mistakes: Mistakes): void {
  const { offres, territoires, lieux, communes, types_evenement, variables, vocabulaires } = tables;
  for (const table of [...Object.values(vocabulaires), types_evenement, variables]) {
    checkUnique(table, 'code', mistakes);
    checkNames(table, (entry) => entry.code, mistakes);
  }
  checkUnique(communes, 'code', mistakes);
  checkNames(offres, ({ offre }) => offre, mistakes);
  checkNames(territoires, ({ territoire }) => territoire, mistakes);
  checkNames(lieux, ({ lieu }) => lieu, mistakes);
}

function checkLinks(tables: Tables, mistakes: Mistakes): void {
  const { offres, territoires, sectorisation, lieux, objectifs, ruptures } = tables;
  const { communes, types_evenement, vocabulaires } = tables;
  const sites = { ...lieux, cells: lieux.cells?.filter(({ genre }) => genre === 'site') ?? null };
  checkLink(offres, 'mission', vocabulaires.missions, 'code', mistakes);
  checkLink(types_evenement, 'offre', offres, 'offre', mistakes);
  checkLink(territoires, 'site', sites, 'lieu', mistakes);
  checkLink(sectorisation, 'territoire', territoires, 'territoire', mistakes);
  checkLink(sectorisation, 'commune', communes, 'code', mistakes);
  checkLink(lieux, 'territoire', territoires, 'territoire', mistakes);
  checkLink(lieux, 'commune', communes, 'code', mistakes);
  checkLink(objectifs, 'territoire', territoires, 'territoire', mistakes);
  checkLink(ruptures, 'offre', offres, 'offre', mistakes);
  checkLink(ruptures, 'territoire', territoires, 'territoire', mistakes);
}

/** What is known of the indicators that targets and breaks name. */
export type KnownIndicators = ReadonlyMap<string, { unite: string }>;

/** A target or a break of an indicator that does not exist would never be applied, and nobody would know. */
export function checkIndicators({ objectifs, ruptures }: Tables, known: KnownIndicators, mistakes: Mistakes): void {
  for (const { file, rows } of [objectifs, ruptures]) {
    for (const { line, value } of rows) {
      if (known.has(value.indicateur)) continue;
      const message = `« ${value.indicateur} » n'est pas un indicateur. Valeurs admises : ${[...known.keys()].join(', ')}.`;
      mistakes.add({ file, line, field: 'indicateur', message });
    }
  }
  for (const { line, value } of objectifs.rows) {
    if (known.get(value.indicateur)?.unite !== 'part' || value.valeur <= 1) continue;
    const message = `« ${value.valeur} » : une part va de 0 à 1. Écrivez « 80 % » dans la page Référentiel, 0.8 dans un fichier.`;
    mistakes.add({ file: objectifs.file, line, field: 'valeur', message });
  }
}

function checkValidity(tables: Tables, mistakes: Mistakes): void {
  checkOverlaps(tables.offres, ['offre'], mistakes);
  checkOverlaps(tables.territoires, ['territoire'], mistakes);
  checkOverlaps(tables.sectorisation, ['commune'], mistakes);
  checkOverlaps(tables.lieux, ['lieu'], mistakes);
  checkOverlaps(tables.objectifs, ['indicateur', 'territoire'], mistakes);
  checkOverlaps(tables.publics, ['offre'], mistakes);
}

function checkSectorisation({ communes, sectorisation }: Tables, mistakes: Mistakes): void {
  if (!sectorisation.cells) return;
  const sectorised = new Set(sectorisation.cells.map(({ commune }) => commune));
  for (const { value } of communes.rows) {
    if (sectorised.has(value.code)) continue;
    const message = `la commune ${value.code} (${value.nom}) n'a aucun territoire. Ajoutez sa ligne.`;
    mistakes.add({ file: sectorisation.file, field: 'commune', message });
  }
}

/** No commune may stay in a territoire that is over. */
function checkTerritoiresInForce({ sectorisation, territoires }: Tables, mistakes: Mistakes): void {
  const last = new Map<string, (typeof territoires.rows)[number]>();
  for (const row of territoires.rows.toSorted((a, b) => a.value.valable_du.localeCompare(b.value.valable_du))) {
    last.set(row.value.territoire, row);
  }
  for (const { line, value } of last.values()) {
    const end = value.valable_au;
    if (end === null) continue;
    const staying = sectorisation.rows
      .filter((row) => row.value.territoire === value.territoire)
      .filter((row) => row.value.valable_au === null || row.value.valable_au > end)
      .map((row) => row.value.commune);
    if (staying.length === 0) continue;
    const some = staying.slice(0, 3).join(', ') + (staying.length > 3 ? ' …' : '');
    const message = `« ${value.territoire} » prend fin le ${end} et garde des communes (${staying.length} : ${some}). Rattachez-les d'abord à un autre territoire à cette date.`;
    mistakes.add({ file: territoires.file, line, field: 'valable_au', message });
  }
}

function checkContext(tables: Tables, mistakes: Mistakes): void {
  const { communes, passages, variables, contexte, imprimes, publics, offres } = tables;
  checkUnique(passages, 'commune', mistakes);
  checkUnique(imprimes, 'chiffre', mistakes);
  checkLink(passages, 'vers', communes, 'code', mistakes);
  checkLink(variables, 'denominateur', variables, 'code', mistakes);
  checkLink(contexte, 'variable', variables, 'code', mistakes);
  checkLink(imprimes, 'variable', variables, 'code', mistakes);
  checkLink(publics, 'offre', offres, 'offre', mistakes);
  checkLink(publics, 'variable', variables, 'code', mistakes);
  checkRepeated(contexte, ['niveau', 'zone', 'variable', 'periode'], mistakes);
  for (const { line, value } of imprimes.rows) {
    if (value.recalcule === null || value.remarque !== null) continue;
    const message = 'un chiffre recalculé se dit : écrivez dans « remarque » ce qui le contredit.';
    mistakes.add({ file: imprimes.file, line, field: 'remarque', message });
  }
}

/** Each filled `column` of `table` must exist in `targetColumn` of `target`. */
function checkLink<T extends object>(
  table: Table<T>,
  column: keyof T & string,
  target: Table<unknown>,
  targetColumn: string,
  mistakes: Mistakes
): void {
  if (!target.cells) return;
  const known = new Set(target.cells.map((cells) => cells[targetColumn]));
  for (const { line, value } of table.rows) {
    const written = value[column] as string | null;
    if (written === null || known.has(written)) continue;
    const message = `« ${written} » n'existe pas dans ${target.file}. Corrigez-le ou ajoutez-y sa ligne.`;
    mistakes.add({ file: table.file, line, field: column, message });
  }
}

function checkUnique<T extends object>(table: Table<T>, column: keyof T & string, mistakes: Mistakes): void {
  checkRepeated(table, [column], mistakes);
}

/** No two rows have the same values in all of these columns. */
function checkRepeated<T extends object>(
  { file, rows }: Table<T>,
  columns: (keyof T & string)[],
  mistakes: Mistakes
): void {
  const firstLine = new Map<string, number>();
  for (const { line, value } of rows) {
    const key = columns.map((column) => value[column]).join(' ');
    const first = firstLine.get(key);
    if (first === undefined) firstLine.set(key, line);
    else {
      const message = `« ${key} » figure déjà à la ligne ${first}. Supprimez l'une des deux.`;
      mistakes.add({ file, line, field: columns.at(-1), message });
    }
  }
}

/** A text that an extract may hold must stand for one code only. */
function checkNames<T extends Named>({ file, rows }: Table<T>, codeOf: (value: T) => string, mistakes: Mistakes): void {
  const codeNamed = new Map<string, string>();
  for (const { line, value } of rows) {
    const code = codeOf(value);
    const names: [string, string][] = [
      ['code', code],
      ['libelle', value.libelle]
    ];
    for (const [field, name] of [...names, ...value.synonymes.map((name) => ['synonymes', name] as const)]) {
      const other = codeNamed.get(comparable(name));
      if (other === undefined) codeNamed.set(comparable(name), code);
      else if (other !== code) {
        const message = `« ${name} » désigne déjà « ${other} ». Un texte ne peut désigner qu'un seul code.`;
        mistakes.add({ file, line, field, message });
      }
    }
  }
}

/** Case, accents and punctuation do not tell two names apart. */
function comparable(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Rows of the same key may follow one another, never overlap. */
function checkOverlaps<T extends Dated>({ file, rows }: Table<T>, key: (keyof T & string)[], mistakes: Mistakes): void {
  const last = new Map<string, (typeof rows)[number]>();
  for (const row of rows.toSorted((a, b) => a.value.valable_du.localeCompare(b.value.valable_du))) {
    const name = key
      .map((column) => row.value[column] ?? '')
      .join(' ')
      .trim();
    const before = last.get(name);
    last.set(name, row);
    const { valable_du } = row.value;
    if (!before || (before.value.valable_au !== null && before.value.valable_au <= valable_du)) continue;
    const message = `« ${name} » vaut déjà à cette date par la ligne ${before.line}. Donnez-lui un valable_au au plus égal à ${valable_du}.`;
    mistakes.add({ file, line: row.line, field: 'valable_du', message });
  }
}
