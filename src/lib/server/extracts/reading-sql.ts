import {
  EXTRACTS,
  SQL_TYPES,
  type CodeList,
  type ColumnKind,
  type ExtractColumn,
  type ExtractContract
} from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { literal } from '#lib/server/warehouse/database.ts';
import { codeMap, codesOf, communeMap, communesOfDepartment, form, sqlList } from '#lib/server/extracts/code-lists.ts';
import type { Mapping } from '#lib/server/extracts/mapping.ts';

export const OLDEST_DAY = '2000-01-01';

export interface ReadingContext {
  reference: Reference;
  today: string;
  monthFirst: boolean;
  /** Most rows have more or fewer cells than the header: it is the file's habit, not a slip. */
  unevenRows: boolean;
}

/** Fills the holes of `lignes.sql`: how each column of the contract is read from the file's columns `c0`, `c1` … */
export function readingHoles(mapping: Mapping, context: ReadingContext): Record<string, string> {
  const contract = EXTRACTS[mapping.type];
  const columns = contract.colonnes;
  const raw = ({ nom }: ExtractColumn) => rawText(mapping, nom);
  const codes = ({ nom }: ExtractColumn) => mapping.values.get(nom);
  const list = (read: (column: ExtractColumn) => string) => columns.map(read).join(',\n    ');
  const wrong = (column: ExtractColumn) => isWrong(column, raw(column), contract, context);
  return {
    noms: list(({ nom }) => nom),
    cellules: cells(mapping.width).join(', '),
    lues: [...cells(mapping.width), `c${mapping.width}`].map((cell) => `nullif(${cell}, '') as ${cell}`).join(', '),
    dernier: `c${mapping.width - 1}`,
    surplus: `c${mapping.width}`,
    typees: list((column) => typed(column, raw(column), context, codes(column))),
    valeurs: list((column) =>
      isPlaceOfVisit(contract, column) ? `if(modalite = 'visite_domicile', null, lieu) as lieu` : column.nom
    ),
    compte: String(!context.unevenRows),
    fragile: String(mapping.fragile),
    premiere: firstCell(mapping.width),
    invalide: columns
      .map((column) => (column.requis ? `${column.nom} is null or ${wrong(column)}` : wrong(column)))
      .join(' or '),
    ecarts: list((column) =>
      raw(column) ? `case when ${wrong(column)} then texte(${raw(column)}) end` : 'null::varchar'
    )
  };
}

/** The text of a column in a row: a cell of the file, a constant, or null. */
function rawText({ positions, constants }: Mapping, nom: string): string | null {
  if (positions.has(nom)) return `c${positions.get(nom)}`;
  const constant = constants.get(nom);
  return constant === undefined ? null : literal(constant);
}

/** Fills the holes of `suspectes.sql`: the raw texts of columns at fault, by name, and what tells that cells slipped. */
export function faultHoles({ type, identifying: named }: Mapping): Record<string, string> {
  const { colonnes } = EXTRACTS[type];
  const identifying = named.length > 0;
  // Beside names, a word nobody else in the file has may be one that slipped: a code comes more than once.
  const rare = (position: number) => `count(*) over (partition by _ecarts[${position}]) < 2`;
  const slips = colonnes
    .map(({ genre }, index) => ({ genre, fault: `_ecarts[${index + 1}]` }))
    .filter(({ genre }) => NEVER_A_WORD.includes(genre))
    .map(({ fault }) => `coalesce(est_un_mot(${fault}), false)`);
  return {
    ecarts_nommes: colonnes.map(({ nom }, index) => `_ecarts[${index + 1}] as _ecart_${nom}`).join(', '),
    mots_deplaces: slips.join(' or ') || 'false',
    mots_rares: colonnes
      .map(({ nom, genre }, index) => `${genre === 'code' && identifying ? rare(index + 1) : 'false'} as _rare_${nom}`)
      .join(', ')
  };
}

const NEVER_A_WORD: ColumnKind[] = ['date', 'mois', 'entier', 'decimal'];

/** The place of a home visit is the family's own: it is dropped before anything is made of it. */
function isPlaceOfVisit(contract: ExtractContract, column: ExtractColumn): boolean {
  return contract.type === 'rendez_vous' && column.nom === 'lieu';
}

export function cells(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `c${index}`);
}

/** First cell with something in it. Most rows begin with one: the others cost more. */
function firstCell(width: number): string {
  const trimmed = cells(width).map((cell) => `nullif(sans_blancs(${cell}), '')`);
  return `case when c0 >= '!' and c0 < '~' then c0 else coalesce(${trimmed.join(', ')}) end`;
}

function typed(
  { genre, nom, liste, brut }: ExtractColumn,
  raw: string | null,
  context: ReadingContext,
  ownCodes: Map<string, string> = new Map()
): string {
  if (raw === null) return `null::${SQL_TYPES[genre]} as ${nom}`;
  const day = context.monthFirst ? `jour_us(${raw})` : `jour_fr(${raw})`;
  const expressions: Record<ColumnKind, () => string> = {
    cle: () => `texte(${raw})`,
    texte: () => (brut ? raw : `masque(texte(${raw}))`),
    famille: () => `texte(${raw})`,
    cles: () =>
      `nullif(list_filter(list_transform(string_split(texte(${raw}), '|'), lambda x: texte(x)), lambda x: x is not null), [])`,
    date: () => day,
    mois: () => `date_trunc('month', coalesce(mois_seul(texte(${raw})), ${day}))::date`,
    code: () => code(raw, liste!, context.reference, ownCodes),
    commune: () => commune(raw, context.reference),
    entier: () => `entier_lu(${raw})`,
    decimal: () => `decimal_lu(${raw})`,
    booleen: () => `booleen_lu(${raw})`
  };
  return `${expressions[genre]()} as ${nom}`;
}

/** A code of the list, or a label, a synonym, a text the profile gives a code to; what the profile says wins. */
function code(raw: string, list: CodeList, reference: Reference, own: Map<string, string>): string {
  const redefined = new Set([...own.keys()].map(form));
  const plain = codesOf(reference, list).filter((each) => !redefined.has(form(each)));
  return `case when ${raw} in ${sqlList(plain)} then ${raw} else (${codeMap(reference, list, own)})[forme(texte(${raw}))] end`;
}

/** An Insee code, its leading zero restored, or a name. A code of the department must exist; another is kept. */
function commune(raw: string, reference: Reference): string {
  const known = sqlList(communesOfDepartment(reference).map(({ code }) => code));
  const department = literal(reference.caf.departement);
  return `case
      when ${raw} in ${known} then ${raw}
      when regexp_full_match(texte(${raw}), '(\\d{2}|2[ABab])\\d{3}')
        then if(starts_with(texte(${raw}), ${department}) and texte(${raw}) not in ${known}, null, upper(texte(${raw})))
      when regexp_full_match(texte(${raw}), '\\d{4}') then '0' || texte(${raw})
      else (${communeMap(reference)})[forme(texte(${raw}))]
    end`;
}

/** True where the file has a value that cannot be accepted; a missing value is not one. */
function isWrong(
  column: ExtractColumn,
  raw: string | null,
  contract: ExtractContract,
  context: ReadingContext
): string {
  if (raw === null) return 'false';
  const checks = columnChecks(column, contract, context).map(({ when }) => when);
  const unreadable = ['cle', 'texte', 'famille'].includes(column.genre) ? 'false' : `texte(${raw}) is not null`;
  // A case, not a conjunction: DuckDB evaluates both sides of those for every row.
  const wrong = `coalesce(case when ${column.nom} is null then ${unreadable} else ${checks.join(' or ') || 'false'} end, false)`;
  return isPlaceOfVisit(contract, column)
    ? `case when modalite = 'visite_domicile' then false else ${wrong} end`
    : wrong;
}

/** A key is opaque: neither what identifies someone, nor, for a worker, a name. */
function keyChecks(nom: string, genre: 'cle' | 'cles'): { when: string; reason: string }[] {
  const any = (test: string) =>
    genre === 'cle' ? `${test}(${nom})` : `list_bool_or(list_transform(${nom}, lambda x: ${test}(x)))`;
  const named = { when: any('ressemble_nom'), reason: 'cet agent est désigné par un nom : donnez un code (A01).' };
  return [
    {
      when: any('cle_identifiante'),
      reason:
        'cette clé ressemble à un identifiant personnel (NIR, téléphone, courriel) : donnez un code qui ne désigne personne.'
    },
    ...(nom.startsWith('agent') ? [named] : [])
  ];
}

/** What a readable value must also be, with the reason told when it is not. */
export function columnChecks(
  { nom, genre, min, max, futur, depuis }: ExtractColumn,
  contract: ExtractContract,
  { today }: Pick<ReadingContext, 'today'>
): { when: string; reason: string }[] {
  const checks: { when: string; reason: string }[] = [];
  const french = (day: string) => day.split('-').reverse().join('/');
  if (genre === 'date' || genre === 'mois') {
    const oldest = depuis ?? OLDEST_DAY;
    checks.push({
      when: `${nom} < date '${oldest}'`,
      reason: `date antérieure à ${oldest.slice(0, 4)} : vérifiez l’année.`
    });
    if (futur !== 'oui') {
      const expected = futur === 'si_prevu' ? " and statut <> 'prevu'" : '';
      const remedy = futur === 'si_prevu' ? ' : seul un rendez-vous « prevu » peut être à venir.' : '.';
      checks.push({
        when: `${nom} > date '${today}'${expected}`,
        reason: `date dans le futur (après le ${french(today)})${remedy}`
      });
    }
  }
  if (genre === 'cle' || genre === 'cles') checks.push(...keyChecks(nom, genre));
  for (const [start, end] of contract.ordre ?? []) {
    if (end === nom) checks.push({ when: `${nom} < ${start}`, reason: `« ${end} » est avant « ${start} ».` });
  }
  const limits = `attendu entre ${min} et ${max}`;
  if (min !== undefined) {
    const negative = min === 0 ? 'valeur négative' : 'valeur trop petite';
    checks.push({ when: `${nom} < ${min}`, reason: `${negative} : ${limits}.` });
  }
  if (max !== undefined) checks.push({ when: `${nom} > ${max}`, reason: `valeur trop grande : ${limits}.` });
  return checks;
}
