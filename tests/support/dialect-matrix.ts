import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import { stream } from '#lib/server/demo/random.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { ods, serial, xlsx, zip, type SheetCell } from './workbooks.ts';

/** Every way a French file may be written: one value of each makes a dialect. */
export const DIMENSIONS = {
  table: ['rendez_vous', 'interventions', 'temps', 'agents'],
  contenant: ['csv', 'csv en zip', 'xlsx', 'ods', 'parquet'],
  encodage: [
    ...['utf-8', 'utf-8 avec marque', 'windows-1252', 'latin-1', 'utf-16le avec marque', 'utf-16be avec marque'],
    ...['utf-16le', 'utf-16be']
  ],
  separateur: [';', ',', '\t', '|'],
  fin: ['\n', '\r\n', '\r'],
  preambule: ['0', '3', '7'],
  entete: ['une ligne', 'deux lignes', 'saut de ligne cité'],
  noms: ['du contrat', 'majuscules', 'accents', 'guillemets'],
  totaux: ['aucun', 'total', 'sous-total', 'ensemble', 'court', 'décalé'],
  blancs: ['aucune', 'vides', 'séparateurs', 'les deux'],
  manquant: ['', '.', 'NULL', 'NR', 'non renseigné', '-', 'n.c.'],
  decimale: [',', '.'],
  milliers: ['', ' ', '\u00a0', '\u202f'],
  dates: ['31/12/2024', '31/12/24 14:30', '2024-12-31', 'série'],
  mois: ['2024-12', '12/2024', 'un jour'],
  codes: ['code', 'libellé', 'synonyme'],
  zeros: ['gardés', 'perdus'],
  bord: ['aucun', 'partout', 'lignes seules'],
  cellules: ['typées', 'textes']
} as const;

type Dimension = keyof typeof DIMENSIONS;
export type Dialect = { [D in Dimension]: (typeof DIMENSIONS)[D][number] };
const NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** What no longer makes a difference is set to its first value, so that two dialects are never the same bytes. */
function effective(drawn: Dialect): Dialect {
  const dialect = { ...drawn };
  const without = (...names: Dimension[]) =>
    names.forEach((name) => Object.assign(dialect, { [name]: DIMENSIONS[name][0] }));
  const text = dialect.contenant.startsWith('csv');
  if (!text) without('encodage', 'separateur', 'fin', 'bord');
  if (text) Object.assign(dialect, { cellules: 'textes' });
  if (dialect.contenant === 'parquet') without('preambule', 'entete');
  if (!text && dialect.cellules === 'typées') {
    without('decimale', 'milliers');
    if (dialect.dates === 'série' || dialect.dates === '2024-12-31') without('dates');
    // A column of a Parquet file has one type: a line of totals would make it text.
    if (dialect.contenant === 'parquet') without('totaux', 'manquant');
  }
  if (!text && dialect.contenant !== 'parquet' && dialect.noms === 'guillemets') without('noms');
  if (dialect.entete === 'deux lignes') without('noms');
  // These bytes have no narrow space.
  if (['windows-1252', 'latin-1'].includes(dialect.encodage) && dialect.milliers === '\u202f')
    Object.assign(dialect, { milliers: '\u00a0' });
  if (dialect.table !== 'interventions') without('zeros');
  if (dialect.table !== 'temps') without('mois');
  if (dialect.table === 'temps' && dialect.mois !== 'un jour') without('dates');
  if (dialect.table === 'interventions') without('decimale', 'milliers');
  return dialect;
}

export const nameOf = (dialect: Dialect) => NAMES.map((name) => `${name}=${JSON.stringify(dialect[name])}`).join(' ');

/** The dialects of this seed: each pair of values that can be together is, and at least `least` are given. */
export function coveringDialects(least: number, seed = 1): Dialect[] {
  const random = stream(seed, 'dialectes');
  const draw = (fixed: Partial<Dialect>): Dialect => {
    const drawn = Object.fromEntries(NAMES.map((name) => [name, random.pick(DIMENSIONS[name] as readonly string[])]));
    return effective({ ...drawn, ...fixed } as Dialect);
  };
  const open = new Map(allPairs().map((pair) => [pairKey(pair), pair]));
  const found = new Map<string, Dialect>();
  while (open.size > 0 || found.size < least) {
    const [key, pair] = open.entries().next().value ?? [null, {}];
    const wanted = Object.entries(pair) as [Dimension, string][];
    const fitting = Array.from({ length: 20 }, () => draw(pair)).filter((each) =>
      wanted.every(([name, value]) => each[name] === value)
    );
    const gains = fitting.map((each) => pairsOf(each).filter((covered) => open.has(covered)).length);
    const best = fitting[gains.indexOf(Math.max(...gains))];
    if (best) {
      for (const covered of pairsOf(best)) open.delete(covered);
      found.set(nameOf(best), best);
    }
    // No draw holds this pair: its values exclude each other.
    if (key !== null) open.delete(key);
  }
  return [...found.values()];
}

function allPairs(): Partial<Dialect>[] {
  return NAMES.flatMap((a, i) =>
    NAMES.slice(i + 1).flatMap((b) =>
      DIMENSIONS[a].flatMap((x) => DIMENSIONS[b].map((y) => ({ [a]: x, [b]: y }) as Partial<Dialect>))
    )
  );
}

const pairKey = (pair: Partial<Dialect>) => {
  const [[a, x], [b, y]] = Object.entries(pair) as [[string, string], [string, string]];
  return `${a}=${x}/${b}=${y}`;
};

function pairsOf(dialect: Dialect): string[] {
  return NAMES.flatMap((a, i) => NAMES.slice(i + 1).map((b) => `${a}=${dialect[a]}/${b}=${dialect[b]}`));
}

/** What a cell says, however it is written. */
type Meaning =
  | string
  | null
  | { code: string; libelle: string; synonyme: string }
  | { jour: string; heure?: string }
  | { mois: string }
  | { nombre: number }
  | { part: number }
  | { commune: string; nom?: string }
  | { oui: boolean };

interface Row {
  cells: Meaning[];
  /** Columns at fault; null when the row is good. */
  fautes: string[] | null;
}

interface Table {
  columns: string[];
  accents: string[];
  deux: [string[], string[]];
  rows: Row[];
  doublons: number;
}

const code = (code: string, libelle: string, synonyme: string) => ({ code, libelle, synonyme });
const day = (jour: string, heure?: string) => ({ jour, heure });
const n = (nombre: number) => ({ nombre });
const good = (...cells: Meaning[]): Row => ({ cells, fautes: null });
const bad = (fautes: string[], ...cells: Meaning[]): Row => ({ cells, fautes });

const PRESENTIEL = code('presentiel', 'Présentiel', 'RDV physique');
const VAD = code('visite_domicile', 'Visite à domicile', 'VAD');
const TELEPHONE = code('telephone', 'Téléphone', 'Entretien téléphonique');
const HONORE = code('honore', 'Honoré', 'Réalisé');
const ABSENT = code('absent', 'Absence de la famille', 'Non venu');
const PREVU = 'prevu';
const CRETEIL = code('creteil', 'Site de Créteil', 'Caf de Créteil');
const CHAMPIGNY = code('champigny', 'Site de Champigny-sur-Marne', 'Champigny-sur-Marne');
const TERRITOIRE = code('creteil', 'Créteil', 'Secteur de Créteil');
const ORLY = code('orly', 'Orly', 'Territoire d’Orly');
const SEPARATION = code('separation', 'Séparation', 'Séparation ou divorce');
const DECES = code('deces_parent', 'Décès d’un parent', 'Décès du conjoint');
const IC = code('information_conseil', 'Information-conseil', 'IC');
const ACCOMPAGNEMENT = code('accompagnement', 'Accompagnement social', 'Suivi social');
const RDD = code('rendez_vous_des_droits', 'Rendez-vous des droits', 'RDV des droits');
const INDIVIDUEL = code('individuel', 'Intervention individuelle', 'ISI');
const COLLECTIF = code('collectif', 'Intervention collective', 'Interventions collectives');
const AS = code('AS', 'Assistant de service social', 'Assistante sociale');
const CESF = code('CESF', 'Conseiller en économie sociale et familiale', 'Conseillère ESF');
const SISIC = code('sisic', 'Intervention sociale individuelle et collective', 'Travail social');

const names = (type: ExtractType) => EXTRACTS[type].colonnes.map(({ nom }) => nom);

export const TABLES: Record<Dialect['table'], Table> = {
  rendez_vous: {
    columns: names('rendez_vous'),
    accents: [
      ...['Rendez-Vous', 'Intervention', 'Agent', 'Date', 'Modalité', 'Lieu', 'Statut'],
      ...['Durée (minutes)', 'Temps global, minutes']
    ],
    deux: [
      ['Rendez-vous', 'Intervention', 'Agent', 'Date', 'Modalité', 'Lieu', 'Statut', 'Durée', 'Temps global'],
      ['', '', '', '', '', '', '', 'minutes', 'minutes']
    ],
    rows: [
      good('R1', 'I1', 'A01', day('2024-12-31', '14:30'), PRESENTIEL, CRETEIL, HONORE, n(45), n(120)),
      good('R2', 'I1', 'A01', day('2025-02-03'), TELEPHONE, null, HONORE, n(30), n(45)),
      good('R3', 'I2', 'A02', day('2025-02-04', '09:00'), PRESENTIEL, CHAMPIGNY, ABSENT, null, n(1200)),
      good('R4', 'I2', 'A02', day('2025-12-31', '23:59'), TELEPHONE, null, HONORE, n(1), null),
      good('R5', 'I2', 'A03', day('2025-03-01'), VAD, null, HONORE, n(60), n(1440)),
      good('R6', 'Été–6', 'A03', day('2000-02-29'), PRESENTIEL, CRETEIL, HONORE, n(0), null),
      good('R7', 'I3', 'A01', day('2026-03-20', '08:15'), PRESENTIEL, CRETEIL, PREVU, n(45), n(1045)),
      bad(['modalite'], 'R8', 'I3', 'A01', day('2025-06-25'), 'pigeon', null, HONORE, n(45), null),
      good('R9', 'I3', 'A01', day('2025-06-26'), TELEPHONE, null, HONORE, n(20), n(25)),
      good('R1', 'I1', 'A01', day('2024-12-31', '14:30'), PRESENTIEL, CRETEIL, HONORE, n(45), n(120)),
      bad(['duree_minutes'], 'R10', 'I3', 'A01', day('2025-06-27'), TELEPHONE, null, HONORE, n(2045), null),
      good('00012', 'I 4', 'A01', day('2025-06-30'), PRESENTIEL, CRETEIL, ABSENT, null, null),
      bad(['agent', 'date'], 'R13', 'I3', null, day('2026-06-27'), TELEPHONE, null, HONORE, n(1), null)
    ],
    doublons: 1
  },
  interventions: {
    columns: names('interventions'),
    accents: [
      ...['Intervention', 'Famille', 'Événement', 'Offre', 'Nature', 'Date début', 'Date fin'],
      ...['Date contrat', 'VAD refusée', 'Issue', 'Agent', 'Commune', 'Territoire']
    ],
    deux: [
      [
        'Intervention',
        'Famille',
        'Evenement',
        'Offre',
        'Nature',
        'Date',
        '',
        '',
        'VAD',
        'Issue',
        'Agent',
        'Commune',
        ''
      ],
      ['', '', '', '', '', 'début', 'fin', 'contrat', 'refusée', '', '', '', 'Territoire']
    ],
    rows: [
      good(
        ...['I1', 'F1', 'E1', SEPARATION, IC, day('2024-12-31', '14:30'), day('2025-01-31'), null, null],
        ...['aboutie', 'A01', { commune: '94028', nom: 'Créteil' }, TERRITOIRE]
      ),
      good(
        ...['I2', 'F2', null, DECES, ACCOMPAGNEMENT, day('2024-06-03'), null, day('2024-06-17', '10:00')],
        ...[{ oui: false }, null, 'A01', { commune: '01004' }, null]
      ),
      good(
        ...['I3', 'F3', null, SEPARATION, RDD, day('2025-04-14'), null, null, { oui: true }, 'orientée', 'A02'],
        ...[{ commune: '94054', nom: 'ORLY' }, ORLY]
      ),
      good('I4', 'F4', null, DECES, IC, day('2025-12-25'), null, null, null, null, 'A02', { commune: '2A004' }, null),
      good(
        ...['I5', 'F5', 'E5', SEPARATION, IC, day('2025-10-13'), day('2025-10-13'), null, null, 'à suivre', 'A02'],
        ...[{ commune: '75112' }, null]
      ),
      good(
        ...['I1', 'F1', 'E1', SEPARATION, IC, day('2024-12-31', '14:30'), day('2025-01-31'), null, null],
        ...['aboutie', 'A01', { commune: '94028', nom: 'Créteil' }, TERRITOIRE]
      ),
      bad(
        ['commune'],
        ...['I6', 'F6', null, SEPARATION, IC, day('2025-10-14'), null, null, null, null, 'A02'],
        ...[{ commune: '94999' }, null]
      ),
      bad(
        ['date_fin'],
        ...['I7', 'F7', null, SEPARATION, IC, day('2025-10-15'), day('2025-10-14'), null, null, null, 'A02'],
        ...[{ commune: '94028' }, null]
      )
    ],
    doublons: 1
  },
  temps: {
    columns: names('temps'),
    accents: ['AGENT', 'Mois', 'Catégorie', 'Détail', 'Heures'],
    deux: [
      ['Agent', 'Mois', 'Catégorie', '', ''],
      ['', '', '', 'Détail', 'Heures']
    ],
    rows: [
      good('A01', { mois: '2024-12' }, INDIVIDUEL, null, n(60.5)),
      good('A01', { mois: '2024-12' }, COLLECTIF, 'réunion d’été', n(12.25)),
      good('A02', { mois: '2025-01' }, INDIVIDUEL, 'suivi', n(0)),
      good('A02', { mois: '2000-01' }, INDIVIDUEL, null, n(744)),
      good('A01', { mois: '2024-12' }, INDIVIDUEL, null, n(60.5)),
      bad(['heures'], 'A03', { mois: '2025-10' }, INDIVIDUEL, null, n(1744.5)),
      bad(['mois'], 'A03', { mois: '2026-11' }, INDIVIDUEL, null, n(1))
    ],
    doublons: 1
  },
  agents: {
    columns: names('agents'),
    accents: ['Agent', 'Métier', 'Service', 'Territoire', 'Site', 'É.T.P.', 'Date début', 'Date fin'],
    deux: [
      ['Agent', 'Métier', 'Service', 'Territoire', 'Site', 'ETP', 'Date', ''],
      ['', '', '', '', '', '', 'début', 'fin']
    ],
    rows: [
      good('A01', AS, SISIC, TERRITOIRE, CRETEIL, { part: 0.8 }, day('2020-01-31'), null),
      good('A02', CESF, SISIC, ORLY, null, { part: 0.7333 }, day('2021-10-12', '07:30'), day('2026-12-31')),
      good('A03', CESF, SISIC, ORLY, null, n(0.5), day('2022-03-30'), null),
      good('A04', AS, SISIC, ORLY, null, n(1), day('2022-03-31'), day('2024-02-29')),
      good('A03', CESF, SISIC, ORLY, null, n(0.5), day('2022-03-30'), null),
      bad(['etp'], 'A05', AS, SISIC, ORLY, null, { part: 1.2 }, day('2022-03-30'), null)
    ],
    doublons: 1
  }
};

/** What the store must hold of a cell. */
function stored(meaning: Meaning): string | number | boolean | null {
  if (meaning === null || typeof meaning === 'string') return meaning;
  if ('code' in meaning) return meaning.code;
  if ('jour' in meaning) return meaning.jour;
  if ('mois' in meaning) return `${meaning.mois}-01`;
  if ('nombre' in meaning) return meaning.nombre;
  if ('part' in meaning) return meaning.part;
  if ('commune' in meaning) return meaning.commune;
  return meaning.oui;
}

/** A file of a dialect, and what its import must give. */
export interface DialectFile {
  name: string;
  bytes: Buffer;
  type: ExtractType;
  counts: Record<'lues' | 'acceptees' | 'remplacees' | 'doublons' | 'rejetees' | 'ignorees', number>;
  /** Values of the valid rows, duplicates included, each with its line. */
  rows: { ligne: number; values: (string | number | boolean | null)[] }[];
  rejects: [ligne: number, colonne: string][];
}

type Line = { cells: SheetCell[]; row?: Row; raw?: string };

export async function writeDialect(dialect: Dialect): Promise<DialectFile> {
  const table = TABLES[dialect.table];
  const lines = linesOf(dialect, table);
  const body = lines.filter(({ row }) => row);
  const header = headerOf(dialect, table);
  const before = PREAMBLES[dialect.preambule].length;
  const isText = dialect.contenant.startsWith('csv');
  const headerLines =
    dialect.contenant === 'parquet' ? 0 : isText && dialect.entete === 'saut de ligne cité' ? 2 : header.length;
  const file = { type: dialect.table, rows: [] as DialectFile['rows'], rejects: [] as DialectFile['rejects'] };
  for (const [index, { row }] of lines.entries()) {
    const ligne = before + headerLines + index + 1;
    if (row?.fautes) file.rejects.push(...row.fautes.map((each): [number, string] => [ligne, each]));
    else if (row) file.rows.push({ ligne, values: row.cells.map(stored) });
  }
  const rejetees = body.filter(({ row }) => row!.fautes).length;
  const ignorees = before + lines.length - body.length;
  const counts = {
    lues: before + lines.length,
    acceptees: body.length - rejetees - table.doublons,
    ...{ remplacees: 0, doublons: table.doublons, rejetees, ignorees }
  };
  return { ...file, counts, ...(await container(dialect, header, lines)) };
}

const PREAMBLES: Record<Dialect['preambule'], string[][]> = {
  '0': [],
  '3': [['Extraction du 15/01/2026'], [''], ['Période : été 2024 à janvier 2026', 'Caf 94']],
  '7': [
    ['Caf du Val-de-Marne'],
    ['Service social'],
    [''],
    ['Édité le 15/01/2026 à 08:00'],
    [''],
    ['Filtre', 'tous'],
    ['']
  ]
};

/** Blank lines and lines of totals among the rows, at places of their own. */
function linesOf(dialect: Dialect, table: Table): Line[] {
  const width = table.columns.length;
  const lines: Line[] = table.rows.map((row) => ({ cells: row.cells.map((each) => write(each, dialect)), row }));
  const sums = (label: string, from = 0): SheetCell[] =>
    Array.from({ length: width }, (_, i) => (i === from ? label : i === width - 1 ? '1 234' : ''));
  const totals: Record<Dialect['totaux'], SheetCell[][]> = {
    aucun: [],
    total: [sums('Total'), sums('TOTAL GÉNÉRAL')],
    'sous-total': [sums('Sous-total Créteil'), sums('Sous total'), sums('Totaux :')],
    ensemble: [sums('« Ensemble »')],
    court: [['Total', '12']],
    décalé: [sums('total', 1)]
  };
  const blank = (cells: SheetCell[]): Line => ({ cells, raw: cells.length === 0 ? '' : undefined });
  const blanks = Array.from({ length: width }, (): SheetCell => (typed(dialect) ? null : ''));
  const added: [number, Line][] = totals[dialect.totaux].map((cells, i) => [i === 0 ? lines.length : 2 * i, { cells }]);
  if (dialect.blancs === 'vides' || dialect.blancs === 'les deux') added.push([1, blank([])], [3, blank([])]);
  if (dialect.blancs === 'séparateurs' || dialect.blancs === 'les deux')
    added.push([2, blank(blanks)], [3, blank(blanks)]);
  for (const [at, line] of added.sort(([a], [b]) => b - a)) lines.splice(at, 0, line);
  return lines;
}

function headerOf(dialect: Dialect, { columns, accents, deux }: Table): string[][] {
  if (dialect.contenant !== 'parquet' && dialect.entete === 'deux lignes') return deux;
  const written = {
    'du contrat': columns,
    guillemets: columns,
    majuscules: columns.map((nom) => nom.toUpperCase()),
    accents
  };
  const header = [...written[dialect.noms]];
  if (dialect.contenant !== 'parquet' && dialect.entete === 'saut de ligne cité') {
    const at = header.findIndex((nom) => /[_ ]/.test(nom));
    const place = at < 0 ? header.length - 1 : at;
    header[place] = at < 0 ? `${header[place]}\n` : header[place]!.replace(/[_ ]/, '\n');
  }
  return [header];
}

const typed = ({ contenant, cellules }: Dialect) => !contenant.startsWith('csv') && cellules === 'typées';

/** A cell as this dialect writes it. */
function write(meaning: Meaning, dialect: Dialect): SheetCell {
  if (meaning === null) return typed(dialect) && dialect.manquant === '' ? null : dialect.manquant;
  if (typeof meaning === 'string') return meaning;
  if ('code' in meaning)
    return dialect.codes === 'code' ? meaning.code : dialect.codes === 'libellé' ? meaning.libelle : meaning.synonyme;
  if ('oui' in meaning) {
    if (typed(dialect)) return meaning.oui;
    return { code: ['non', 'oui'], libellé: ['Faux', 'VRAI'], synonyme: ['0', '1'] }[dialect.codes][
      Number(meaning.oui)
    ]!;
  }
  if ('commune' in meaning) return writeCommune(meaning, dialect);
  if ('jour' in meaning) return writeDay(meaning.jour, meaning.heure, dialect);
  if ('mois' in meaning) return writeMonth(meaning.mois, dialect);
  const number = 'part' in meaning ? meaning.part : meaning.nombre;
  if (typed(dialect)) return 'part' in meaning ? { percent: number } : number;
  if ('part' in meaning) return `${writeNumber(Number((number * 100).toFixed(2)), dialect)}${dialect.milliers || ' '}%`;
  return writeNumber(number, dialect);
}

function writeNumber(number: number, { decimale, milliers }: Dialect): string {
  const [whole, part] = String(number).split('.') as [string, string?];
  return whole.replace(/(\d)(?=(\d{3})+$)/g, `$1${milliers}`) + (part === undefined ? '' : decimale + part);
}

function writeCommune({ commune, nom }: { commune: string; nom?: string }, dialect: Dialect): SheetCell {
  if (dialect.codes !== 'code' && nom) return nom;
  if (dialect.zeros === 'gardés' || !/^\d+$/.test(commune)) return commune;
  return typed(dialect) && dialect.contenant !== 'parquet' ? Number(commune) : String(Number(commune));
}

function writeDay(jour: string, heure: string | undefined, dialect: Dialect): SheetCell {
  const [year, month, date] = jour.split('-') as [string, string, string];
  if (typed(dialect)) return { date: heure && dialect.dates === '31/12/24 14:30' ? `${jour} ${heure}` : jour };
  if (dialect.dates === '2024-12-31') return jour;
  if (dialect.dates === '31/12/2024') return `${date}/${month}/${year}`;
  if (dialect.dates === 'série') {
    const days = serial(jour + (heure ? ` ${heure}` : ''));
    return String(Number(days.toFixed(5))).replace('.', dialect.decimale);
  }
  return `${date}/${month}/${year.slice(2)}${heure ? ` ${heure}` : ''}`;
}

function writeMonth(mois: string, dialect: Dialect): SheetCell {
  const [year, month] = mois.split('-') as [string, string];
  if (dialect.mois === '2024-12') return mois;
  return dialect.mois === '12/2024' ? `${month}/${year}` : writeDay(`${mois}-17`, undefined, dialect);
}

async function container(
  dialect: Dialect,
  header: string[][],
  lines: Line[]
): Promise<{ name: string; bytes: Buffer }> {
  const preamble = PREAMBLES[dialect.preambule];
  if (dialect.contenant === 'xlsx' || dialect.contenant === 'ods') {
    const rows = [...preamble, ...header, ...lines.map(({ cells }) => cells)];
    const sheet = { name: 'Extrait', rows };
    const bytes = await (dialect.contenant === 'xlsx' ? xlsx([sheet]) : ods([sheet]));
    return { name: `extrait.${dialect.contenant}`, bytes };
  }
  if (dialect.contenant === 'parquet') return { name: 'extrait.parquet', bytes: await parquet(header[0]!, lines) };
  const text = textOf(
    dialect,
    [...preamble.map((cells) => ({ cells, raw: cells.join('') === '' ? '' : undefined }))],
    header,
    lines
  );
  const bytes = encode(text, dialect.encodage);
  if (dialect.contenant === 'csv') return { name: 'extrait.csv', bytes };
  return { name: 'envoi.zip', bytes: await zip({ 'dossier/extrait.csv': bytes }) };
}

function textOf(dialect: Dialect, preamble: Line[], header: string[][], lines: Line[]): string {
  const { separateur, fin, bord } = dialect;
  const quoted = (text: string, always: boolean) =>
    always || text.includes(separateur) || /["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const record = ({ cells, raw }: Line, edge: boolean, always = false) =>
    (
      raw ?? cells.map((cell) => quoted(String(cell ?? ''), always)).join(separateur) + (edge ? separateur : '')
    ).replaceAll('\n', fin);
  return [
    ...preamble.map((line) => record(line, false)),
    ...header.map((cells) => record({ cells }, bord === 'partout', dialect.noms === 'guillemets')),
    ...lines.map((line) => record(line, bord !== 'aucun', dialect.noms === 'guillemets' && line.row !== undefined))
  ].reduce((text, each) => text + each + fin, '');
}

/** Characters of the tables that Windows-1252 has and Latin-1 lacks; the files of Latin-1 go without. */
const ONLY_1252: Record<string, number> = { '’': 0x92, '–': 0x96 };

function encode(text: string, encodage: Dialect['encodage']): Buffer {
  const mark = encodage.endsWith('avec marque') ? '\ufeff' : '';
  if (encodage.startsWith('utf-8')) return Buffer.from(mark + text);
  if (encodage.startsWith('utf-16le')) return Buffer.from(mark + text, 'utf16le');
  if (encodage.startsWith('utf-16be')) return Buffer.from(mark + text, 'utf16le').swap16();
  return Buffer.from(
    [...text].map((char) => {
      const byte = ONLY_1252[char] ?? char.codePointAt(0)!;
      if (byte > 255) throw new Error(`no ${encodage} for ${char}`);
      return byte;
    })
  );
}

/** A Parquet of these rows: text columns, or columns of the type of their cells. */
async function parquet(header: string[], lines: Line[]): Promise<Buffer> {
  const values = lines.map(({ cells }) => `(${header.map((_name, i) => sqlCell(cells[i])).join(', ')})`);
  const columns = header.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  const path = join(folder, 'extrait.parquet');
  const db = await openDatabase();
  try {
    await db.run(
      `copy (select * from (values ${values.join(', ')}) as t(${columns})) to ${literal(path)} (format parquet)`
    );
    return readFileSync(path);
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sqlCell(cell: SheetCell | undefined): string {
  if (cell === null || cell === undefined) return 'null';
  if (typeof cell === 'string') return literal(cell);
  if (typeof cell === 'number') return `${cell}::double`;
  if (typeof cell === 'boolean') return String(cell);
  if ('percent' in cell) return `${cell.percent}::double`;
  if ('date' in cell) return cell.date.length > 10 ? `timestamp '${cell.date}:00'` : `date '${cell.date}'`;
  throw new Error('no such cell in a Parquet file');
}
