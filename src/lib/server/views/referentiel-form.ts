import { labelOf } from '#lib/domain/labels.ts';
import {
  columnLabel,
  keyOf,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { tableMark } from '#lib/server/reference/revision.ts';
import { COMPARATORS, rowName, typedValue, type Known } from '#lib/server/views/referentiel-words.ts';

export interface FormField {
  /** Name in the form: `valeur.socle`, `cle.offre`. */
  name: string;
  label: string;
  help: string | null;
  value: string;
  /** Closed list; null for a text. */
  options: { value: string; label: string }[] | null;
}

/** A form that changes one row, or adds one. */
export interface RowForm {
  title: string;
  table: ReferenceTable;
  /** The row it changes; null when it adds one. */
  cle: string | null;
  fields: FormField[];
  /** What may be done: « À partir de cette date, ces valeurs valent ». */
  gestes: { value: string; label: string }[];
  /** `tableMark`, sent back with the form. */
  etat: string;
}

type Options = { value: string; label: string }[];
type NamedAxis = 'mission' | 'site' | 'offre' | 'territoire';

const CODE_HELP = 'Un code : lettres sans accent, chiffres et _ ; pour une commune, cinq caractères';

/** Closed lists that are the same for every Caf. */
const FIXED: Record<string, Options> = {
  socle: [
    { value: 'oui', label: 'Socle national' },
    { value: 'non', label: 'Offre locale' }
  ],
  genre: ['site', 'permanence'].map((value) => ({ value, label: capitalize(value) })),
  comparateur: Object.entries(COMPARATORS).map(([value, label]) => ({ value, label: capitalize(label) }))
};

/** Codes that the reference gives to the other columns. */
function codesOf({ vocabulaires, sites, offres, territoires }: Reference): Partial<Record<NamedAxis, string[]>> {
  return {
    mission: vocabulaires.missions.map(({ code }) => code),
    site: sites.map(({ code }) => code),
    offre: offres.map(({ offre }) => offre),
    territoire: territoires.map(({ territoire }) => territoire)
  };
}

/** What a column may hold, when it is a closed list; a table's own codes are typed. */
function optionsOf({ reference, labels, catalogue }: Known, column: string, table: ReferenceTable): Options | null {
  if (Object.hasOwn(FIXED, column)) return FIXED[column]!;
  if (column === 'indicateur') return [...catalogue.values()].map(({ id, libelle }) => ({ value: id, label: libelle }));
  const axis = column as NamedAxis;
  const codes = codesOf(reference)[axis];
  if (!codes || `${column}s` === table) return null;
  const named = [...new Set(codes)].map((value) => ({ value, label: capitalize(labelOf(labels, axis, value)) }));
  const isEverywhere = table === 'objectifs' || table === 'ruptures';
  return isEverywhere ? [{ value: '', label: axis === 'offre' ? 'Toutes' : 'Tous' }, ...named] : named;
}

function fieldOf(
  known: Known,
  table: ReferenceTable,
  column: string,
  row: WrittenRow | null,
  kind: 'valeur' | 'cle'
): FormField {
  const { aide = null } = TABLE_DESCRIPTIONS[table].colonnes[column] ?? {};
  const options = optionsOf(known, column, table);
  return {
    name: `${kind}.${column}`,
    label: columnLabel(table, column),
    help: kind === 'cle' && options === null ? CODE_HELP : aide,
    value: row ? typedValue(known, table, column, row) : '',
    options
  };
}

/** The form that changes a row: the last of its key, as it is now. */
export function changeForm(known: Known, table: ReferenceTable, row: WrittenRow): RowForm {
  const isBreak = table === 'ruptures';
  return {
    title: isBreak ? `Retirer : ${rowName(known, table, row)}` : `Changer : ${rowName(known, table, row)}`,
    table,
    cle: keyOf(table, row),
    fields: Object.keys(TABLE_DESCRIPTIONS[table].colonnes).map((column) =>
      fieldOf(known, table, column, row, 'valeur')
    ),
    gestes: isBreak
      ? [{ value: 'terminer', label: 'Retirer cette rupture' }]
      : [
          { value: 'modifier', label: 'Modifier à partir de cette date' },
          { value: 'terminer', label: 'Mettre fin à cette date' }
        ],
    etat: tableMark(known.reference, table)
  };
}

/** The form that adds a row. */
export function addForm(known: Known, table: ReferenceTable): RowForm {
  const { cle, colonnes, un } = TABLE_DESCRIPTIONS[table];
  const keys = cle.filter((column) => column !== 'date');
  return {
    title: table === 'ruptures' ? 'Déclarer une rupture de série' : `Ajouter ${un}`,
    table,
    cle: null,
    fields: [
      ...keys.map((column) => fieldOf(known, table, column, null, 'cle')),
      ...Object.keys(colonnes).map((column) => fieldOf(known, table, column, null, 'valeur'))
    ],
    gestes: [
      { value: 'ajouter', label: table === 'ruptures' ? 'Déclarer à cette date' : 'Ajouter à partir de cette date' }
    ],
    etat: tableMark(known.reference, table)
  };
}
