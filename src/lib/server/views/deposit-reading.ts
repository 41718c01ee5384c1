import { EXTRACTS, EXTRACT_TYPES, type ContextType } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import type { Deposit } from '#lib/server/extracts/deposits/deposit.ts';
import { loadProfiles } from '#lib/server/extracts/profiles/profile-store.ts';
import type { LotReport } from '#lib/server/extracts/report.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

interface Choice {
  name: string;
  label: string;
  options: { value: string; label: string; selected: boolean }[];
}

/** The form that overrides what was recognised of one table; « Reconnu » leaves it to be recognised. */
export interface ReadingForm {
  choices: Choice[];
  headerLine: number | null;
  /** Encoding, separator and header line are those of texts only. */
  text: boolean;
  /** Year that a file of context was said to be of; null for an extract, and when its columns are said with it. */
  year: string | null;
  /** What the user said that the file is, and still does by reading it again. */
  context: ContextType | null;
}

const DATES = { 'jj/mm': 'jour/mois', 'mm/jj': 'mois/jour' };
const ENCODINGS = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE'
};
const SEPARATORS = { ';': 'point-virgule ;', ',': 'virgule ,', '\t': 'tabulation', '|': 'barre |' };

/** What the user may say of how a table is read, with what was said so far. */
export function readingForm(
  { house }: ViewContext,
  deposit: Deposit,
  index: number,
  report: LotReport | null
): ReadingForm {
  const said = deposit.choices.get(index) ?? {};
  const text = deposit.tables[index]!.format === 'texte';
  if (report?.contexte || said.context?.type) return contextForm(said, text);
  const types = Object.fromEntries(EXTRACT_TYPES.map((type) => [type, EXTRACTS[type].libelle]));
  const profiles = Object.fromEntries(
    loadProfiles(house.config).profiles.map(({ profil, libelle }) => [profil, libelle])
  );
  return {
    ...{ headerLine: said.headerLine ?? null, text, year: null, context: null },
    choices: [
      choice('type', 'Type d’extrait', types, said.type),
      choice('profil', 'Profil', profiles, said.profile?.profil || undefined),
      choice('dates', 'Dates', DATES, said.dates),
      ...(text ? textChoices(said) : [])
    ]
  };
}

/** Of a file of context, only the year and the encoding may be wrong; its heading too when nobody else knows it. */
function contextForm(said: ReadingChoices, text: boolean): ReadingForm {
  const { millesime, type = null } = said.context ?? {};
  const year = type ? null : millesime === undefined ? '' : String(millesime);
  return {
    ...{ headerLine: said.headerLine ?? null, text: text && type !== null, year, context: type },
    choices: text ? [choice('encodage', 'Encodage', ENCODINGS, said.encoding)] : []
  };
}

function textChoices({ encoding, separator }: ReadingChoices): Choice[] {
  return [
    choice('encodage', 'Encodage', ENCODINGS, encoding),
    choice('separateur', 'Séparateur', SEPARATORS, separator)
  ];
}

function choice(name: string, label: string, labels: Record<string, string>, chosen = ''): Choice {
  const options = Object.entries({ '': 'Reconnu', ...labels });
  return { name, label, options: options.map(([value, label]) => ({ value, label, selected: value === chosen })) };
}

const FORMATS = { texte: 'texte', parquet: 'Parquet', xlsx: 'classeur XLSX', ods: 'classeur ODS' };

/** « Rendez-vous · texte UTF-8, point-virgule, en-tête ligne 4, dates jour/mois · profil agenda-social ». */
export function readingWords({ type, lecture, contexte }: LotReport): string {
  const what = contexte?.libelle ?? EXTRACTS[type].libelle;
  if (!lecture) return what;
  const { format, encodage, separateur, ligne_entete, dates, feuille, profil } = lecture;
  const parts = [
    `${FORMATS[format]}${encodage ? ` ${ENCODINGS[encodage]}` : ''}${feuille ? `, feuille « ${feuille} »` : ''}`,
    separateur ? SEPARATORS[separateur as keyof typeof SEPARATORS].split(' ')[0]! : '',
    ligne_entete === null ? '' : `en-tête ligne ${formatNumber(ligne_entete)}`,
    contexte ? '' : `dates ${DATES[dates]}`
  ].filter((part) => part !== '');
  return `${what} · ${parts.join(', ')}${profil ? ` · profil « ${profil} »` : ''}`;
}
