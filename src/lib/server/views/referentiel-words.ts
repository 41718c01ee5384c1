import { formatDate, formatRound, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays, type IsoDate } from '#lib/domain/period.ts';
import { keyOf, TABLE_DESCRIPTIONS, type ReferenceTable, type WrittenRow } from '#lib/domain/reference-tables.ts';
import type { Comparateur } from '#lib/domain/reference.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import { toleranceOf } from '#lib/domain/target.ts';
import type { House } from '#lib/server/house.ts';
import type { TableRow } from '#lib/domain/table.ts';

export type Known = Pick<House, 'reference' | 'labels' | 'catalogue'>;

export const COMPARATORS: Record<Comparateur, string> = {
  min: 'au moins',
  max: 'au plus',
  egal: 'au plus près de',
  plage: 'entre deux valeurs'
};

/** A column as the page heads it. */
export const TABLE_COLUMNS: Record<ReferenceTable, string[]> = {
  offres: ['Mission', 'Appartenance', 'Fenêtre', 'Délai de contact'],
  territoires: ['Site'],
  lieux: ['Genre', 'Commune', 'Territoire', 'Demi-journées par semaine'],
  sectorisation: ['Territoire'],
  objectifs: ['Territoire', 'Objectif', 'Tolérance'],
  ruptures: ['Offre', 'Territoire', 'Motif'],
  publics: ['Compté par']
};

export const KEY_HEADERS: Record<ReferenceTable, string> = {
  offres: 'Offre',
  territoires: 'Territoire',
  lieux: 'Lieu',
  sectorisation: 'Commune',
  objectifs: 'Indicateur',
  ruptures: 'Indicateur',
  publics: 'Offre'
};

type Place = 'offre' | 'territoire' | 'site' | 'commune' | 'mission';

/** What a row speaks of, in the words of the page: « Décès d'un parent », « Créteil (94028) ». */
export function rowName({ labels, catalogue }: Known, table: ReferenceTable, row: WrittenRow): string {
  if (table === 'objectifs' || table === 'ruptures') return catalogue.get(row.indicateur!)?.libelle ?? row.indicateur!;
  if (table === 'publics') return labelOf(labels, 'offre', row.offre!);
  if (table === 'sectorisation') return `${labelOf(labels, 'commune', row.commune!)} (${row.commune})`;
  return row.libelle || keyOf(table, row);
}

/** The cells of a row, in the order of `TABLE_COLUMNS`. */
function rowWords(known: Known, table: ReferenceTable, row: WrittenRow): string[] {
  const label = (axis: Place, code = '') => (code === '' ? 'tous' : labelOf(known.labels, axis, code));
  switch (table) {
    case 'offres':
      return [
        capitalize(label('mission', row.mission)),
        row.socle === 'oui' ? 'socle national' : 'offre locale',
        row.fenetre_mois ? `${row.fenetre_mois}${NO_BREAK_SPACE}mois` : 'aucune',
        row.delai_contact_jours ? `${row.delai_contact_jours}${NO_BREAK_SPACE}jours` : 'aucun'
      ];
    case 'publics':
      return [known.reference.variables.find(({ code }) => code === row.variable)?.libelle ?? row.variable!];
    case 'territoires':
      return [label('site', row.site)];
    case 'lieux':
      return [row.genre!, label('commune', row.commune), label('territoire', row.territoire), halfDays(row)];
    case 'sectorisation':
      return [label('territoire', row.territoire)];
    case 'objectifs':
      return [label('territoire', row.territoire), aim(known, row), tolerance(known, row)];
    case 'ruptures':
      return [row.offre === '' ? 'toutes' : label('offre', row.offre), label('territoire', row.territoire), row.motif!];
  }
}

const halfDays = ({ demi_journees_semaine }: WrittenRow): string =>
  demi_journees_semaine === '' ? '' : demi_journees_semaine!.replace('.', ',');

/** A target as the reference holds it; a cell that is no number gives none. */
function target(row: WrittenRow) {
  const number = (text = '') => (text === '' || Number.isNaN(Number(text)) ? null : Number(text));
  return {
    comparateur: row.comparateur as Comparateur,
    valeur: number(row.valeur) ?? 0,
    valeur_max: number(row.valeur_max),
    tolerance: number(row.tolerance)
  };
}

function aim({ catalogue }: Known, row: WrittenRow): string {
  const unit = catalogue.get(row.indicateur!)?.unite;
  return unit ? targetWords(target(row), unit) : row.valeur!;
}

function tolerance({ reference, catalogue }: Known, row: WrittenRow): string {
  const unit = catalogue.get(row.indicateur!)?.unite;
  const objectif = reference.objectifs.find((one) => one.indicateur === row.indicateur);
  if (!unit || !objectif) return row.tolerance!;
  const value = toleranceOf({ ...objectif, ...target(row) }, unit === 'part');
  return unit === 'part' ? formatRound(value, 'part').replace('%', 'pts') : formatRound(value, unit);
}

/** A cell as a user types it: « 65,5 % » for a share of 0.655, decimal comma. */
export function typedValue({ catalogue }: Known, table: ReferenceTable, column: string, row: WrittenRow): string {
  const text = row[column] ?? '';
  const isNumber = TABLE_DESCRIPTIONS[table].colonnes[column]?.genre === 'nombre';
  if (!isNumber || text === '' || Number.isNaN(Number(text))) return text;
  const isShare = table === 'objectifs' && catalogue.get(row.indicateur ?? '')?.unite === 'part';
  const number = isShare ? Number((Number(text) * 100).toPrecision(12)) : text;
  return `${String(number).replace('.', ',')}${isShare ? ' %' : ''}`;
}

/** « depuis le 1er janvier 2021 », « du 1er octobre 2009 au 2 juillet 2019 ». */
export function validity(row: WrittenRow, today: IsoDate): string {
  const du = formatDate(row.valable_du!);
  if (row.valable_au === '') return row.valable_du! > today ? `à partir du ${du}` : `depuis le ${du}`;
  return `du ${du} au ${formatDate(addDays(row.valable_au!, -1))}`;
}

export type RowState = 'en_vigueur' | 'a_venir' | 'passee';

/** Where a row stands on a day; a break of series, once declared, is in force. */
export function stateOf(row: WrittenRow, today: IsoDate): RowState {
  if (row.valable_du === undefined) return 'en_vigueur';
  if (row.valable_du > today) return 'a_venir';
  return row.valable_au === '' || today < row.valable_au! ? 'en_vigueur' : 'passee';
}

/** A row as the page shows it, its dates and source after its values. */
export function tableRow(known: Known, table: ReferenceTable, row: WrittenRow, today: IsoDate): TableRow {
  const dates = row.date ? `à partir du ${formatDate(row.date)}` : validity(row, today);
  return { header: rowName(known, table, row), cells: [...rowWords(known, table, row), dates, row.source ?? ''] };
}
