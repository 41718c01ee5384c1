import { BadRequest } from '#lib/domain/bad-request.ts';
import { formatDate } from '#lib/domain/format.ts';
import { addMonths, isIsoDate, startOf, type IsoDate } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';

export const DRAFT_PARAMETERS = ['deplacer', 'au'];

export interface Move {
  commune: string;
  /** Its territoire on the day before the move takes effect, and from then on. */
  de: string;
  vers: string;
}

/** Communes that would change territoire on a day: what the URL, a form or a scenario holds. */
export interface Draft {
  /** First day of the moves. */
  au: IsoDate;
  moves: Move[];
  /** Communes asked to go where they already are on that day. */
  idle: string[];
  /** Territoire of each commune on that day, without and with the moves. */
  before: Map<string, string>;
  after: Map<string, string>;
  /** Territoires in force on that day. */
  territoires: string[];
}

/** What is asked, as text: `94028:orly` each, or several between commas; an empty one asks nothing. */
export interface AskedDraft {
  deplacer: string[];
  au: string;
}

const EARLIEST = '2000-01-01';
const LATEST = '2099-12-31';

const isInForce = (row: { valable_du: string; valable_au: string | null }, day: IsoDate): boolean =>
  row.valable_du <= day && (row.valable_au === null || day < row.valable_au);

/** Sectors change with a quarter: by default the next one. */
const nextQuarter = (today: IsoDate): IsoDate => addMonths(startOf('trimestre', today), 3);

export const askedIn = (params: URLSearchParams): AskedDraft => ({
  deplacer: params.getAll('deplacer'),
  au: params.get('au') ?? ''
});

function requireDay(text: string, today: IsoDate): IsoDate {
  const day = text.trim() || nextQuarter(today);
  if (isIsoDate(day) && day >= EARLIEST && day <= LATEST) return day;
  throw new BadRequest(
    `« ${text.slice(0, 40)} » n’est pas une date d’effet : une date AAAA-MM-JJ de 2000 à 2099 est attendue, par exemple 2026-04-01.`
  );
}

function requireCommune(draft: Draft, names: Map<string, string>, code: string): string {
  const name = names.get(code);
  if (name === undefined)
    throw new BadRequest(`« ${code.slice(0, 40)} » n’est pas une commune de ce département.`, [...names.keys()]);
  if (!draft.before.has(code))
    throw new BadRequest(
      `${name} (${code}) n’a pas de territoire au ${formatDate(draft.au)} : elle ne se déplace pas.`
    );
  return code;
}

function requireTerritoire(draft: Draft, code: string): string {
  if (draft.territoires.includes(code)) return code;
  throw new BadRequest(
    `« ${code.slice(0, 40)} » n’est pas un territoire en vigueur au ${formatDate(draft.au)}.`,
    draft.territoires
  );
}

/** The draft that is asked, against the sectors in force on its day. Throws `BadRequest` on what cannot be. */
export function readDraft(reference: Reference, today: IsoDate, { deplacer, au }: AskedDraft): Draft {
  const day = requireDay(au, today);
  const rows = reference.sectorisation.filter((row) => isInForce(row, day));
  const before = new Map(rows.map(({ commune, territoire }) => [commune, territoire]));
  const territoires = [
    ...new Set(reference.territoires.filter((row) => isInForce(row, day)).map((row) => row.territoire))
  ];
  const draft: Draft = { au: day, moves: [], idle: [], before, after: new Map(before), territoires };
  const names = new Map(reference.communes.map(({ code, nom }) => [code, nom]));
  const asked = askedMoves(deplacer, names.size);
  for (const [commune, vers] of asked) {
    const de = before.get(requireCommune(draft, names, commune))!;
    requireTerritoire(draft, vers);
    if (de === vers) draft.idle.push(commune);
    else draft.moves.push({ commune, de, vers });
    draft.after.set(commune, vers);
  }
  return draft;
}

function askedMoves(deplacer: string[], most: number): Map<string, string> {
  const texts = deplacer.flatMap((text) => text.split(',', most + 2)).filter((text) => text.trim() !== '');
  if (texts.length > most)
    throw new BadRequest(
      `Trop de déplacements : ce département compte ${most} communes, une ligne par commune au plus.`
    );
  const asked = new Map<string, string>();
  for (const text of texts) {
    const [commune, vers, ...rest] = text.split(':').map((part) => part.trim());
    if (!commune || !vers || rest.length > 0)
      throw new BadRequest(
        `« ${text.slice(0, 60)} » n’est pas un déplacement : écrivez commune:territoire, par exemple 94028:orly.`
      );
    if (asked.has(commune))
      throw new BadRequest(`La commune ${commune.slice(0, 40)} est déplacée deux fois : gardez un seul déplacement.`);
    asked.set(commune, vers);
  }
  return asked;
}

/** The moves as one text, as the URL holds them: `94028:orly,94002:orly`. */
export const movesText = (moves: { commune: string; vers: string }[]): string =>
  moves.map(({ commune, vers }) => `${commune}:${vers}`).join(',');

/**
 * The address that holds the same draft in one `deplacer`, as a mail would; null when it is already so. Without
 * JavaScript, a form sends one for each commune.
 */
export function shorterAddress(url: URL): string | null {
  const asked = url.searchParams.getAll('deplacer');
  if (asked.length < 2 && !asked.includes('')) return null;
  const params = new URLSearchParams(url.searchParams);
  params.delete('deplacer');
  const moves = asked.filter((text) => text !== '').join(',');
  const search = [String(params), moves === '' ? '' : `deplacer=${encodeURIComponent(moves)}`]
    .filter(Boolean)
    .join('&');
  return url.pathname + (search === '' ? '' : `?${readable(search)}`);
}

/** Colons and commas stand as they are in a query. */
export const readable = (search: string): string => search.replaceAll('%3A', ':').replaceAll('%2C', ',');
