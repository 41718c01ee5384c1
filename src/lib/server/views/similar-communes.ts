import type { Cell } from '#lib/domain/cell.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { gapZ, placeOf, Z_998 } from '#lib/domain/funnel.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Commune } from '#lib/domain/reference.ts';
import { atPlace, listOf } from '#lib/domain/sentence.ts';
import { nearestTo, type Neighbour } from '#lib/domain/similar.ts';
import { communeProfiles, type CommuneProfiles } from '#lib/server/views/commune-profiles.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { shortValue } from '#lib/server/views/fair-comparison-words.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { funnelUnits, observationOf, whyNotCompared } from '#lib/server/views/funnel-units.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

export interface SimilarRequest {
  id: string;
  commune: Commune;
  indicator: Indicator;
  /** The indicator in total and by commune. */
  figures: Figures;
  hrefOf?: (code: string) => string | null;
}

interface Found {
  title: string;
  /** How the communes were chosen. */
  method: string;
  table: PageTable;
  csvHref: string;
}

/** A commune beside those of the department most like it, or why it cannot be. */
export type SimilarCommunes = { found: Found; reason: null } | { found: null; reason: string };

/** The five communes nearest in what is known of their context, and the indicator in each. */
export async function similarCommunes(
  context: ViewContext,
  frame: Frame,
  request: SimilarRequest
): Promise<SimilarCommunes> {
  const { id, commune } = request;
  const known = await communeProfiles(context);
  const near = nearestTo(commune.code, known.profiles);
  if (near === null || near.length === 0) return { found: null, reason: tooLittle(commune, known) };
  const others = near.map((neighbour) => {
    return { neighbour, commune: context.house.reference.communes.find(({ code }) => code === neighbour.code)! };
  });
  const table = tableOf(context, frame, request, known, others);
  return {
    found: {
      title: titleOf(context, request, together(request, others), others.length),
      method: methodOf(known, near),
      table,
      csvHref: csvHref(frame, id)
    },
    reason: null
  };
}

interface Other {
  commune: Commune;
  neighbour: Neighbour;
}

function tooLittle({ nom }: Commune, { traits }: CommuneProfiles): string {
  const known = traits.length === 0 ? 'aucune n’est connue' : `connues ici : ${namesOf(traits)}`;
  return (
    `Pas assez de contexte pour dire à quelles communes ${nom} ressemble : il faut au moins deux variables ` +
    `qui distinguent les communes (${known}). Importez des effectifs par commune sur la page des données.`
  );
}

/** Labels inside a sentence. */
function namesOf(traits: { label: string }[]): string {
  return listOf(traits.map(({ label }) => label.charAt(0).toLocaleLowerCase('fr') + label.slice(1)));
}

const cellOf = ({ indicator, figures }: SimilarRequest, code: string): Cell =>
  figures.cell(indicator.id, 0, { commune: code });

/** The indicator over the similar communes together: recomputed, never averaged. A median or a count has no such whole. */
function together(request: SimilarRequest, others: Other[]): Cell {
  const cells = others.map(({ commune }) => cellOf(request, commune.code));
  const shown = cells.flatMap((cell) =>
    cell.kind === 'shown' && cell.numerator !== null && cell.denominator ? [[cell.numerator, cell.denominator]] : []
  );
  if (shown.length === 0) return { kind: 'none', reason: 'sans_donnee' };
  if (cells.some(({ kind }) => kind === 'hidden')) return { kind: 'hidden', reason: 'secret_secondaire' };
  const [numerator, denominator] = [0, 1].map((side) => shown.reduce((sum, pair) => sum + pair[side]!, 0));
  return {
    kind: 'shown',
    value: numerator! / denominator!,
    numerator: numerator!,
    denominator: denominator!,
    p90: null
  };
}

/** Higher, lower or alike, and whether chance is enough to explain it. */
function titleOf(context: ViewContext, request: SimilarRequest, whole: Cell, count: number): string {
  const { indicator, commune } = request;
  const own = cellOf(request, commune.code);
  const name = `${indicator.libelle}, ${commune.nom}`;
  if (own.kind !== 'shown' || whole.kind !== 'shown') return `${name} : rien à comparer aux communes semblables`;
  const [value, other] = [own, whole].map((cell) => shortValue(cell.value, indicator.unite));
  const values = `${value}, contre ${other} dans les communes qui lui ressemblent le plus`;
  const verdict = verdictOf(context, request, [own, whole], count);
  return `${name} : ${values}${verdict}`;
}

/** Is the gap more than chance, and than what communes differ by anyway? Nothing is said where there is no such law. */
function verdictOf(
  context: ViewContext,
  { indicator, figures }: SimilarRequest,
  cells: [Cell, Cell],
  count: number
): string {
  if (whyNotCompared(indicator, 'commune', figures) !== null) return '';
  const compared = funnelUnits(context, indicator, 'commune', figures);
  const [own, whole] = cells.map(observationOf);
  if (!compared || !own || !whole) return '';
  if (placeOf(compared.funnel, own) === 'petit') return ' ; trop peu de cas pour conclure';
  const beyond = Math.abs(gapZ(compared.funnel, own, whole, count)) >= Z_998;
  return beyond ? ', plus que le hasard ne l’explique' : ', un écart que le hasard peut expliquer';
}

function methodOf({ traits }: CommuneProfiles, near: Neighbour[]): string {
  const used = traits.filter(({ id }) => near.some(({ variables }) => variables.includes(id)));
  const partial = near.some(({ variables }) => variables.length < used.length);
  return (
    `Les communes du département les plus proches par : ${namesOf(used)}. Chaque variable est rapportée à sa médiane ` +
    `et à son écart médian entre communes (les habitants par leur logarithme) ; la distance est leur écart quadratique moyen, ` +
    `0 pour deux communes identiques${partial ? ' ; une variable inconnue de l’une des deux est laissée de côté' : ''}. ` +
    `Elles sont choisies par leur contexte seul, jamais par leur activité.`
  );
}

function tableOf(
  context: ViewContext,
  frame: Frame,
  request: SimilarRequest,
  { traits }: CommuneProfiles,
  others: Other[]
): PageTable {
  const { id, commune, indicator, figures, hrefOf } = request;
  const row = (header: string, cell: Cell, distance: string, places: Commune[]) => ({
    header,
    cells: [cell, distance, ...traits.map((trait) => trait.of(places))]
  });
  const linked = (place: Commune, distance: string) => {
    const href = hrefOf?.(place.code) ?? null;
    return { ...row(place.nom, cellOf(request, place.code), distance, [place]), ...(href ? { href } : {}) };
  };
  const whole = others.map((other) => other.commune);
  return {
    id,
    caption: `${indicator.libelle} ${atPlace(commune.nom)} et dans les communes semblables, ${frame.windowLabel}`,
    headerLabel: 'Commune',
    columns: [
      { id: 'valeur', label: indicator.libelle, unit: indicator.unite },
      { id: 'distance', label: 'Distance' },
      ...traits.map((trait) => ({ id: trait.id, label: trait.label, ...(trait.unit ? { unit: trait.unit } : {}) }))
    ],
    rows: [
      row(commune.nom, cellOf(request, commune.code), '', [commune]),
      ...others.map(({ commune: place, neighbour }) => linked(place, formatNumber(neighbour.distance, 2))),
      row(`Les ${others.length} communes semblables`, together(request, others), '', whole)
    ],
    total: row('Département', figures.cell(indicator.id), '', context.house.reference.communes)
  };
}
