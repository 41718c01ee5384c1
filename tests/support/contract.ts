import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { EXTRACTS, type ExtractColumn, type ExtractType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { codeEntries, form } from '#lib/server/extracts/code-lists.ts';

/**
 * The contract of extracts told a second time, in zod and from the conventions of the domain, never from the SQL that
 * imports: what each cell means, and what is wrong with a row.
 */
export interface ContractContext {
  reference: Reference;
  today: string;
  key: string;
}

type Value = string | number | boolean | string[] | null;

export type Verdict =
  { verdict: 'ignoree' } | { verdict: 'rejetee'; colonnes: string[] } | { verdict: 'acceptee'; valeurs: Value[] };

const MISSING = [
  ...['', '.', '-', '–', '—', 'null', 'nr', 'n.r.', 'n.c.', 'nc', 'n/a', '#n/a'],
  ...['non renseigné', 'non renseigne', 'non renseignée', 'non renseignee']
];

const trimmed = (text: string) => text.replace(/^[ \t\r\n\u00a0\u202f\u2009]+|[ \t\r\n\u00a0\u202f\u2009]+$/g, '');

/** The text of a cell, null when it says that there is nothing. */
const cell = z.string().transform((raw): string | null => {
  const text = trimmed(raw);
  if (MISSING.includes(text.toLowerCase())) return null;
  return /^'[=+@-]/.test(raw) ? trimmed(raw.slice(1)) : text;
});

type Read = (text: string) => Value | undefined;

/** A cell read by `read`, which gives undefined when it cannot. */
function readable(read: Read, requis: boolean): z.ZodType<Value, string> {
  return cell.transform((text, context): Value => {
    if (text === null && !requis) return null;
    const value = text === null ? undefined : read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'illisible' });
    return z.NEVER;
  });
}

const NIR = /^[12]\d{2}(0[1-9]|1[0-2]|[2-9]\d)(\d{2}|2[AB])\d{6}(\d{2})?$/i;
const PHONE = /(^|[^0-9a-z])((\+33|0033)[ .()-]*0?|0)[1-9]([ .\u00a0\u202f-]?\d{2}){4}($|[^0-9a-z])/i;
const MOBILE_WITHOUT_ZERO = /^[67]\d{8}$/;
const joined = (text: string) => text.replace(/[\s.-]/g, '');
const isPhone = (text: string) => PHONE.test(text) || MOBILE_WITHOUT_ZERO.test(text);

/** A key names nobody: no address, telephone or NIR. */
const key: Read = (text) => {
  if (Buffer.byteLength(text) < 9) return text;
  return text.includes('@') || isPhone(text) || NIR.test(joined(text)) ? undefined : text;
};

/** The key of a worker is a code, never a name: two words and no digit. */
const worker: Read = (text) => (text.includes(' ') && !/[0-9]/.test(text) ? undefined : key(text));

const workers: Read = (text) => {
  const codes = text
    .split('|')
    .map((each) => cell.parse(each))
    .filter((each) => each !== null);
  return codes.length === 0 || codes.some((each) => worker(each) === undefined) ? undefined : codes;
};

const ADDRESS =
  /\d\s*(bis|ter|quater)?[\s,]+(rue|avenue|av|boulevard|bd|bld|place|pl|allee|chemin|impasse|square|quai|route|cours|villa|residence|sente|passage)\b/;
const isAddress = (text: string) =>
  text.includes(' ') && ADDRESS.test(text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
const TWO_WORDS = /\p{L}{2,}[ '’-]+\p{L}{2,}/u;

/** A numéro allocataire, a NIR, an address, a telephone or a name. */
function suspect(text: string): boolean {
  const bare = joined(text);
  if (text.includes('@') || isPhone(text) || isAddress(text)) return true;
  if (/^[0-9]/.test(text)) return /^(\d{7}[a-z]?|\d{5}(\d\d|2[ab])\d{6}(\d\d)?)$/i.test(bare);
  return (Buffer.byteLength(text) > 1 && !/[0-9]/.test(text)) || (text.includes(' ') && TWO_WORDS.test(text));
}

function family(secret: string): Read {
  return (text) => {
    if (!suspect(text)) return text;
    const bare = joined(text).toUpperCase();
    const allocataire = /^(\d{7})[A-Z]?$/.exec(bare);
    const nir = /^(\d{5}..\d{6})(\d\d)?$/.exec(bare);
    return createHmac('sha256', secret)
      .update((allocataire ?? nir)?.[1] ?? bare)
      .digest('hex');
  };
}

/** A day that the calendar has, as ISO text. */
function calendar(year: string, month: string, day: string): string | undefined {
  const full = year.length === 2 ? `20${year}` : year;
  const text = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text ? text : undefined;
}

const day = (text: string): string | undefined => {
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})([ T]+\d{1,2}[:hH]\d{2}.*)?$/.exec(text);
  if (french) return calendar(french[3]!, french[2]!, french[1]!);
  const iso = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})([ T]\d{1,2}:\d{2}.*)?$/.exec(text);
  if (iso) return calendar(iso[1]!, iso[2]!, iso[3]!);
  const serial = /^(\d{5})([.,]\d+)?$/.exec(text);
  if (!serial) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + Number(serial[1]) * 86_400_000).toISOString().slice(0, 10);
};

const month: Read = (text) => {
  const iso = /^(\d{4})[-/](\d{1,2})$/.exec(text);
  const french = /^(\d{1,2})[-/](\d{4})$/.exec(text);
  if (iso) return calendar(iso[1]!, iso[2]!, '1');
  if (french) return calendar(french[2]!, french[1]!, '1');
  const date = day(text);
  return date && `${date.slice(0, 7)}-01`;
};

const number = (text: string): number | undefined => {
  const bare = text.replace(/[ \u00a0\u202f\u2009]/g, '');
  const parts = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?)(%?)$/i.exec(bare);
  if (!parts) return undefined;
  const value = Number(parts[1]!.replace(',', '.'));
  return parts[2] === '%' ? value / 100 : value;
};

const whole = (text: string): number | undefined => {
  const value = number(text);
  return Number.isInteger(value) ? value : undefined;
};

const boolean: Read = (text) => {
  const answer = text.toLowerCase();
  if (['oui', 'o', 'vrai', 'true', '1'].includes(answer)) return true;
  return ['non', 'n', 'faux', 'false', '0'].includes(answer) ? false : undefined;
};

function code({ liste }: ExtractColumn, reference: Reference): Read {
  const codes = new Map<string, string>();
  const entries = codeEntries(reference, liste!);
  for (const { code, libelle, synonymes } of entries)
    for (const each of [libelle, ...synonymes]) if (form(each) !== '') codes.set(form(each), code);
  for (const { code } of entries) codes.set(form(code), code);
  return (text) => codes.get(form(text));
}

function commune({ caf, communes }: Reference): Read {
  const own = communes.filter(({ departement }) => departement === caf.departement);
  const byName = new Map(own.map(({ code, nom }) => [form(nom), code]));
  const short = new Map(own.map(({ code, nom }) => [form(nom).replace(/\bsaint(e?)\b/g, 'st$1'), code]));
  return (text) => {
    if (/^\d{4}$/.test(text)) return `0${text}`;
    if (!/^(\d\d|2[AB])\d{3}$/i.test(text)) return byName.get(form(text)) ?? short.get(form(text));
    const known = own.some(({ code }) => code === text);
    return text.startsWith(caf.departement) && !known ? undefined : text.toUpperCase();
  };
}

const NIR_IN_TEXT = /(^|[^0-9a-z])[1-8]([ .-]?\d\d){2}[ .-]?(\d\d|2[ab])([ .-]?\d{3}){2}([ .-]?\d\d)?($|[^0-9a-z])/i;
const ALLOCATAIRE_IN_TEXT = /(^|[^0-9a-z])\d{7}[ \u00a0]?[a-z]?($|[^0-9a-z])/i;
const LONG_NUMBER = /(^|\D)(\d{13}|\d{15})($|\D)/;

/** Short free text; one that would name somebody is masked. */
const text: Read = (read) => {
  const identifies =
    read.includes('@') ||
    isPhone(read) ||
    NIR_IN_TEXT.test(read) ||
    ALLOCATAIRE_IN_TEXT.test(read) ||
    LONG_NUMBER.test(read.replace(/\s/g, '')) ||
    isAddress(read);
  return identifies ? '[masqué]' : read;
};

function reader(column: ExtractColumn, { reference, key: secret }: ContractContext): Read {
  const readers: Record<ExtractColumn['genre'], () => Read> = {
    cle: () => (column.nom === 'agent' ? worker : key),
    cles: () => workers,
    texte: () => text,
    famille: () => family(secret),
    date: () => day,
    mois: () => month,
    code: () => code(column, reference),
    commune: () => commune(reference),
    entier: () => whole,
    decimal: () => number,
    booleen: () => boolean
  };
  return readers[column.genre]();
}

const between = (value: Value, { min = -Infinity, max = Infinity }: ExtractColumn) =>
  typeof value !== 'number' || (value >= min && value <= max);

/** One row of this type: its cells, then what they must be together. */
export function rowContract(type: ExtractType, context: ContractContext) {
  const { colonnes, ordre = [] } = EXTRACTS[type];
  const cells = z.object(
    Object.fromEntries(
      colonnes.map((column) => [
        column.nom,
        readable(reader(column, context), column.requis).refine((value) => between(value, column))
      ])
    )
  );
  const whole = z.record(z.string(), z.custom<Value>()).superRefine((row, { addIssue }) => {
    const fault = (nom: string) => addIssue({ code: 'custom', path: [nom], message: 'hors règle' });
    for (const { nom, genre, futur } of colonnes) {
      const value = row[nom];
      if ((genre !== 'date' && genre !== 'mois') || typeof value !== 'string') continue;
      // The status of a row that has none, or an unknown one, is at fault by itself.
      const mayCome = futur === 'oui' || (futur === 'si_prevu' && (row.statut === 'prevu' || !row.statut));
      if (value < '2000-01-01' || (value > context.today && !mayCome)) fault(nom);
    }
    for (const [start, end] of ordre) if (row[start] && row[end] && row[end] < row[start]) fault(end);
  });
  return { cells, whole };
}

const TOTAL = /^(total|totaux|sous total|sous totaux)( |$)|^ensemble$/;
const TOTAL_OF_A_WRONG_ROW = /^(total|totaux|sous total|sous totaux|ensemble)( |$)/;

/** Judges rows of a type whose cells come in the order of the file's columns. */
export function judge(type: ExtractType, columns: string[], context: ContractContext): (row: string[]) => Verdict {
  const { cells, whole } = rowContract(type, context);
  const names = EXTRACTS[type].colonnes.map(({ nom }) => nom);
  return (row) => {
    const first = row.map(trimmed).find((each) => each !== '');
    if (first === undefined || TOTAL.test(form(first))) return { verdict: 'ignoree' };
    const raw = Object.fromEntries(names.map((nom) => [nom, row[columns.indexOf(nom)] ?? '']));
    const read = cells.safeParse(raw);
    const faults = new Set(read.error?.issues.map(({ path }) => String(path[0])));
    const values: Record<string, Value> = {};
    for (const nom of names) {
      const value = cells.shape[nom]!.safeParse(raw[nom]);
      if (value.success) values[nom] = value.data;
    }
    // The place of a visit is the family's home: nothing is made of it.
    if (type === 'rendez_vous' && values.modalite === 'visite_domicile') {
      values.lieu = null;
      faults.delete('lieu');
    }
    for (const { path } of whole.safeParse(values).error?.issues ?? []) faults.add(String(path[0]));
    if (faults.size > 0 && TOTAL_OF_A_WRONG_ROW.test(form(first))) return { verdict: 'ignoree' };
    if (faults.size > 0) return { verdict: 'rejetee', colonnes: names.filter((nom) => faults.has(nom)) };
    return { verdict: 'acceptee', valeurs: names.map((nom) => values[nom] ?? null) };
  };
}
