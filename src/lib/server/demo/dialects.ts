import type { ExtractType } from '#lib/domain/extracts.ts';

/** How a tool writes its file: the demonstration uses what real French extracts are made of. */
export interface Dialect {
  extension: 'csv' | 'tsv';
  separator: ';' | ',' | '\t';
  encoding: 'utf-8' | 'utf-8-bom' | 'windows-1252';
  newline: '\n' | '\r\n';
  headers: 'plain' | 'accented' | 'upper';
  dates: 'french' | 'iso';
  /** What stands now and then for a missing value, elsewhere left empty. */
  missing: string;
  /** Share of codes written as their label or a synonym, and of communes written as their name. */
  labels: number;
  /** Lines above the header. */
  preamble: string[];
  /** Ends with a line that counts the rows. */
  total: boolean;
  /** A commune code lost its leading zero in a spreadsheet. */
  lostZero: boolean;
}

const EXCEL: Dialect = {
  extension: 'csv',
  separator: ';',
  encoding: 'windows-1252',
  newline: '\r\n',
  headers: 'accented',
  dates: 'french',
  missing: 'NR',
  labels: 0.15,
  preamble: [],
  total: false,
  lostZero: false
};
const EXCEL_UTF8: Dialect = { ...EXCEL, encoding: 'utf-8-bom', missing: 'non renseigné' };
const EXPORT: Dialect = {
  ...EXCEL,
  encoding: 'utf-8',
  newline: '\n',
  headers: 'plain',
  dates: 'iso',
  missing: 'NULL',
  labels: 0
};

const DIALECTS: Record<ExtractType, Dialect[]> = {
  agents: [EXCEL_UTF8],
  absences: [{ ...EXPORT, separator: ',' }],
  evenements: [
    {
      ...EXCEL,
      preamble: ['Extraction des événements', 'Données de démonstration, aucune famille réelle'],
      lostZero: true
    },
    EXCEL_UTF8,
    EXCEL
  ],
  contacts: [EXPORT, EXCEL_UTF8, { ...EXCEL, total: true }],
  interventions: [EXCEL, { ...EXCEL_UTF8, headers: 'upper' }, EXCEL],
  rendez_vous: [{ ...EXPORT, labels: 0.1 }, { ...EXCEL, total: true, labels: 0.5 }, EXCEL_UTF8],
  seances_collectives: [{ ...EXCEL_UTF8, extension: 'tsv', separator: '\t', encoding: 'utf-8' }],
  temps: [{ ...EXCEL, total: true }, EXCEL_UTF8]
};

const ACCENTED: Record<string, string> = {
  metier: 'Métier',
  evenement: 'Événement',
  debut: 'Début',
  detection: 'Détection',
  resultat: 'Résultat',
  refusee: 'Refusée',
  modalite: 'Modalité',
  duree: 'Durée',
  seance: 'Séance',
  presents: 'Présents',
  categorie: 'Catégorie',
  detail: 'Détail'
};

/** The dialect of the n-th file of a type. */
export function dialectOf(type: ExtractType, position: number): Dialect {
  const list = DIALECTS[type];
  return list[position % list.length] as Dialect;
}

/** The canonical name as that tool writes it: `date_debut`, `Date_Début` or `DATE_DEBUT`. */
export function headerOf(name: string, style: Dialect['headers']): string {
  if (style === 'plain') return name;
  if (style === 'upper') return name.toUpperCase();
  const words = name.split('_').map((word) => ACCENTED[word] ?? word.charAt(0).toUpperCase() + word.slice(1));
  return words.join('_');
}

/** The characters of Windows-1252 that Latin-1 lacks and French uses. */
const WINDOWS_1252: Record<string, string> = {
  '€': '\x80',
  '…': '\x85',
  Œ: '\x8c',
  '’': '\x92',
  '–': '\x96',
  œ: '\x9c'
};

/** Bytes of the text in that encoding; the byte order mark is the file's first text. */
export function encode(text: string, encoding: Dialect['encoding']): Buffer {
  if (encoding !== 'windows-1252') return Buffer.from(text, 'utf-8');
  return Buffer.from(
    text.replace(/[€…Œ’–œ]/g, (character) => WINDOWS_1252[character] ?? '?'),
    'latin1'
  );
}
