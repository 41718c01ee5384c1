import type { Detached } from '#lib/domain/contiguity.ts';
import { formatDate } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf, listOf, ofPlace } from '#lib/domain/sentence.ts';
import { measure } from '#lib/server/indicators/measure.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';
import { detachedBy } from '#lib/server/views/sectorisation-neighbours.ts';
import { definitions } from '#lib/server/views/subject.ts';

/** Something to know before deciding: a warning, or a plain remark. It never forbids. */
export interface Caution {
  warning: boolean;
  text: string;
}

/** Communes named one by one; beyond, they are counted. */
const NAMED_AT_MOST = 6;

/** What a draft would do besides its figures; the gravest first. */
export async function cautionsOf(context: ViewContext, draft: Draft): Promise<Caution[]> {
  if (draft.moves.length === 0 && draft.idle.length === 0) return [];
  const warning = (text: string): Caution => ({ warning: true, text });
  const remark = (text: string): Caution => ({ warning: false, text });
  return [
    ...emptied(context, draft).map(warning),
    ...(await contiguity(context, draft)),
    ...(await dateWords(context, draft)),
    ...planned(context, draft).map(warning),
    ...placesLeft(context, draft).map(remark),
    ...idle(context, draft).map(remark)
  ];
}

const nameOf = ({ house }: ViewContext, axis: 'commune' | 'territoire', code: string): string =>
  capitalize(labelOf(house.labels, axis, code));

function named(context: ViewContext, codes: string[]): string {
  const names = codes.map((code) => nameOf(context, 'commune', code));
  return names.length <= NAMED_AT_MOST
    ? listOf(names)
    : `${names.slice(0, NAMED_AT_MOST - 1).join(', ')} et ${countOf(names.length - NAMED_AT_MOST + 1, 'autre commune', 'autres communes')}`;
}

/** « Rungis serait séparée du reste d’Orly ». */
export function detachedSentence(context: ViewContext, { territoire, communes, before }: Detached): string {
  const many = communes.length > 1;
  const verb = before
    ? many
      ? 'sont déjà séparées'
      : 'est déjà séparée'
    : many
      ? 'seraient séparées'
      : 'serait séparée';
  return `${named(context, communes)} ${verb} du reste ${ofPlace(nameOf(context, 'territoire', territoire))}.`;
}

/** Without contours only what the moves would do is told: what seems apart today may well touch. */
async function contiguity(context: ViewContext, draft: Draft): Promise<Caution[]> {
  if (draft.moves.length === 0) return [];
  const { parts, exact } = await detachedBy(context, draft);
  const told = parts.filter(({ before }) => exact || !before).sort((a, b) => Number(a.before) - Number(b.before));
  const whole = !told.some(({ before }) => !before);
  return [
    ...(whole ? [{ warning: false, text: 'Ce projet ne sépare aucune commune du reste de son territoire.' }] : []),
    ...told.map((part) => ({ warning: !part.before, text: detachedSentence(context, part) })),
    ...(exact ? [] : [{ warning: false, text: APPROXIMATE }])
  ];
}

const APPROXIMATE =
  'Voisinage approché d’après la place des communes, faute de contours : ce qui touche ou non est à vérifier sur une carte.';

function emptied(context: ViewContext, { territoires, before, after }: Draft): string[] {
  const kept = new Set(after.values());
  const had = new Set(before.values());
  return territoires
    .filter((code) => had.has(code) && !kept.has(code))
    .map((code) => `Le territoire ${ofPlace(nameOf(context, 'territoire', code))} n’aurait plus aucune commune.`);
}

/** Periods before the day keep their sectors; after it, what is already published changes. */
async function dateWords(context: ViewContext, { au, moves }: Draft): Promise<Caution[]> {
  const { today } = context.house.config;
  if (moves.length === 0) return [];
  const day = formatDate(au);
  if (au > today) return [{ warning: false, text: `Les périodes d’avant le ${day} gardent leurs secteurs.` }];
  const [row] = await measure(context.snapshot, {
    indicators: definitions(context, 'part_socle'),
    periods: [{ du: au, au: today }],
    breakdowns: [[]],
    filters: { commune: moves.map(({ commune }) => commune) },
    viewer: context.viewer,
    today
  });
  const count = row?.denominateur ?? 0;
  const acts =
    count === 0
      ? 'aucune intervention de ces communes n’a commencé depuis'
      : `jusqu’à ${countOf(count, 'intervention déjà comptée', 'interventions déjà comptées')} changeraient de territoire`;
  return [
    {
      warning: true,
      text: `Le ${day} n’est pas à venir : les chiffres par territoire publiés depuis changeraient (${acts}).`
    }
  ];
}

/** Another change of the same commune is already written for later: the move would hold until then. */
function planned(context: ViewContext, { au, moves }: Draft): string[] {
  return moves.flatMap(({ commune }) => {
    const next = context.house.reference.sectorisation
      .filter((row) => row.commune === commune && row.valable_du > au)
      .sort((a, b) => (a.valable_du < b.valable_du ? -1 : 1))[0];
    if (!next) return [];
    const where = nameOf(context, 'territoire', next.territoire);
    return [
      `${nameOf(context, 'commune', commune)} a déjà un secteur prévu au ${formatDate(next.valable_du)} (${where}) : le déplacement vaudrait jusque-là.`
    ];
  });
}

/** Places have a territoire of their own, which does not follow their commune. */
function placesLeft(context: ViewContext, { au, moves }: Draft): string[] {
  const going = new Map(moves.map(({ commune, vers }) => [commune, vers]));
  const left = context.house.reference.lieux.filter(
    (row) =>
      going.has(row.commune) &&
      row.territoire !== going.get(row.commune) &&
      row.valable_du <= au &&
      (row.valable_au === null || au < row.valable_au)
  );
  if (left.length === 0) return [];
  const names = listOf(left.slice(0, NAMED_AT_MOST).map(({ libelle }) => libelle));
  const more = left.length > NAMED_AT_MOST ? ' …' : '';
  const keep = left.length > 1 ? 'gardent leur' : 'garde son';
  return [`${names}${more} ${keep} territoire actuel : il se change dans le référentiel des lieux.`];
}

function idle(context: ViewContext, draft: Draft): string[] {
  if (draft.idle.length === 0) return [];
  const where = [...new Set(draft.idle.map((code) => nameOf(context, 'territoire', draft.before.get(code)!)))];
  const are = draft.idle.length > 1 ? 'sont déjà' : 'est déjà';
  return [
    `${named(context, draft.idle)} ${are} dans ${where.length > 1 ? 'leur territoire' : `le territoire ${ofPlace(where[0]!)}`} au ${formatDate(draft.au)}.`
  ];
}
