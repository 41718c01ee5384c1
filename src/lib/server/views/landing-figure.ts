import { landingChart, type YearCurve } from '#lib/charts/landing-chart.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { formatDate, formatMonth, formatRound } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { addDays, addMonths, splitPeriod, type Period } from '#lib/domain/period.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { derived, isLanded, isWholeYear, landingOf, landingYear, type Landing } from '#lib/server/views/landing.ts';
import { landingComments, landingSentence } from '#lib/server/views/landing-words.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** The section « Atterrissage » of an indicator's page. */
export interface LandingFigure {
  title: string;
  /** Empty when nothing can be projected yet. */
  svg: string;
  comments: string[];
  table: PageTable;
}

/** How many past years are drawn: more would hide the shape. */
const DRAWN_YEARS = 3;

interface Curves {
  current: YearCurve;
  past: YearCurve[];
}

/** From 1 January to the end of each month, or to the day up to which the year is seen. */
function windowsOf(du: string, asOf: string): Period[] {
  return splitPeriod({ du, au: asOf }, 'mois').map(({ au }) => ({ du, au }));
}

/** Months gone by at the end of a window that starts on 1 January. */
function monthsOf({ du, au }: Period): number {
  const months = splitPeriod({ du, au }, 'mois').length;
  const { au: whole } = splitPeriod({ du, au: addMonths(du, 12) }, 'mois')[months - 1]!;
  return whole === au ? months : months - 1 + Number(addDays(au, -1).slice(8)) / Number(addDays(whole, -1).slice(8));
}

function curve(found: Figures, indicator: Indicator, from: number, windows: Period[], divisor: number): YearCurve {
  return {
    year: Number(windows[0]!.du.slice(0, 4)),
    points: windows.map((window, index) => {
      const cell = found.cell(indicator.id, from + index);
      if (cell.kind !== 'shown') return { at: monthsOf(window), cell };
      return { at: monthsOf(window), cell: derived((cell.numerator ?? 0) / divisor, divisor) };
    })
  };
}

/** The year month by month, and the past years it is held against, on the scale of the year's value. */
async function curvesOf(context: ViewContext, indicator: Indicator, landing: Landing): Promise<Curves> {
  const { year, du, asOf } = landingYear(context);
  const years = landing.projection?.years ?? [year - 1, year - 2];
  const starts = years
    .slice(0, DRAWN_YEARS)
    .map((one) => `${one}-01-01`)
    .filter((start) => isWholeYear(context, indicator, start));
  const own = windowsOf(du, asOf);
  const before = starts.map((start) => windowsOf(start, addMonths(start, 12)));
  const found = await figures(context, { indicators: [indicator], periods: [own, ...before].flat() });
  const past = before.flatMap((windows, index) => {
    const from = own.length + 12 * index;
    const whole = found.cell(indicator.id, from + 11);
    if (whole.kind !== 'shown' || !whole.numerator) return [];
    return [curve(found, indicator, from, windows, whole.denominator ?? 1)];
  });
  return { current: curve(found, indicator, 0, own, landing.divisor), past };
}

function tableOf(indicator: Indicator, landing: Landing | null, curves: Curves): PageTable {
  const { current, past } = curves;
  const unit = { unit: indicator.unite };
  const projected = landing?.projection != null;
  const months = splitPeriod({ du: `${current.year}-01-01`, au: `${current.year + 1}-01-01` }, 'mois');
  const cellOf = (points: YearCurve['points'], index: number): Cell | string => points[index]?.cell ?? '';
  return {
    id: 'atterrissage',
    caption: `${indicator.libelle} : cumul depuis le 1er janvier, et fin d’année`,
    headerLabel: 'À la fin de',
    columns: [
      { id: 'annee', label: String(current.year), ...unit },
      ...(projected ? [{ id: 'bas', label: 'Au moins', ...unit }] : []),
      ...(projected ? [{ id: 'haut', label: 'Au plus', ...unit }] : []),
      ...past.map(({ year }) => ({ id: `annee_${year}`, label: String(year), ...unit }))
    ],
    rows: [
      ...months.map(({ du }, index) => ({
        header: capitalize(formatMonth(du).slice(0, -5)),
        cells: [
          cellOf(current.points, index),
          ...(projected ? ['', ''] : []),
          ...past.map(({ points }) => cellOf(points, index))
        ]
      })),
      ...(landing && projected
        ? [
            {
              header: 'Projection au 31 décembre',
              cells: [landing.point, landing.low, landing.high, ...past.map(() => '')]
            }
          ]
        : [])
    ]
  };
}

/** Null for an indicator that does not build up over the year. */
export async function landingFigure(context: ViewContext, indicator: Indicator): Promise<LandingFigure | null> {
  if (!isLanded(indicator)) return null;
  const { year, asOf } = landingYear(context);
  const landing = await landingOf(context, indicator);
  if (!landing) {
    const title = `Rien n’est encore compté en ${year}, ou trop peu au ${formatDate(asOf)} : la fin d’année ne se projette pas`;
    return {
      title,
      svg: '',
      comments: [],
      table: tableOf(indicator, null, { current: { year, points: [] }, past: [] })
    };
  }
  const curves = await curvesOf(context, indicator, landing);
  const title = landingSentence(landing);
  const comments = landingComments(landing);
  const { projection, point, low, high, target } = landing;
  const label = target ? `objectif ${formatRound(target.valeur, indicator.unite)}` : '';
  const svg = landingChart({
    id: 'atterrissage',
    title,
    description: comments.join(' '),
    unit: indicator.unite,
    ...curves,
    end: projection && { point, low, high },
    target: target && { value: target.valeur, label }
  });
  return { title, svg, comments, table: tableOf(indicator, landing, curves) };
}
