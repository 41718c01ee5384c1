import type { Group, Indicator } from '#lib/domain/indicator.ts';
import { formatWindow } from '#lib/domain/format.ts';
import { comparedPeriod, comparedWindow, cumulate, type Period } from '#lib/domain/period.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { hasParts, type Candidate, type Scene } from '#lib/server/views/findings/candidate.ts';
import { coverageOf } from '#lib/server/views/findings/coverage.ts';
import { MonthSamples, PartSamples } from '#lib/server/views/findings/samples.ts';
import { inSentence } from '#lib/server/views/frame.ts';

/** Permanences are measured by place, needs by who lives there, and data themselves by what is missing in them. */
const APART: Group[] = ['lieux', 'contexte', 'qualite'];

/** Every indicator the findings look at. The steps of a way, added together, would count nothing. */
export function lookedAt({ house }: ViewContext): Indicator[] {
  return [...house.catalogue.values()].filter(
    ({ axes, groupe }) => axes.includes('territoire') && !axes.includes('etape') && !APART.includes(groupe)
  );
}

const byOffer = (indicators: Indicator[]): Indicator[] =>
  indicators.filter((one) => one.axes.includes('offre') && hasParts(one));

/** The window and the compared one, by offre. */
export function offerFigures(context: ViewContext, indicators: Indicator[], periods: Period[]): Promise<Figures> {
  return figures(context, { indicators: byOffer(indicators), periods, breakdowns: [[], ['offre']] });
}

/** The window shown and the one it is compared with, by territoire and by offre; the months before them in total. */
export function sceneOf(context: ViewContext, measured: { now: Figures; offers: Figures; months: Figures }): Scene {
  const { window, compared } = context;
  const indicators = lookedAt(context);
  const months = new MonthSamples(measured.months, coverageOf(context)?.from ?? null);
  return {
    ...{ context, window, compared, months },
    sources: [
      { indicators, samples: new PartSamples(measured.now, 'territoire') },
      { indicators: byOffer(indicators), samples: new PartSamples(measured.offers, 'offre') }
    ],
    when: whenOf(context, window)
  };
}

/** « au T3 2025 », for a window of the kind shown. */
export function whenOf({ state }: ViewContext, window: Period): string {
  return inSentence(formatWindow(window, state.cumul));
}

/** The window just before, of the same kind. */
export function previousWindow({ state }: ViewContext): Period {
  return cumulate(comparedPeriod(state.period, 'precedente'), state.cumul);
}

/** A scene one period earlier, measured for what these tests look at only: few figures. */
export async function sceneBefore(scene: Scene, tests: Candidate[]): Promise<Scene> {
  const { context, months } = scene;
  const { period, cumul, comparison } = context.state;
  const window = previousWindow(context);
  const compared = comparedWindow(comparedPeriod(period, 'precedente'), cumul, comparison);
  const periods = [window, compared];
  const indicators = indicatorsOf(tests);
  const offered = byOffer(indicatorsOf(tests.filter(({ codes }) => codes.offre)));
  const [now, offers] = await Promise.all([
    figures(context, { indicators, periods, breakdowns: [[], ['territoire']] }),
    offerFigures(context, offered, periods)
  ]);
  return {
    ...{ context, window, compared, months },
    sources: [
      { indicators, samples: new PartSamples(now, 'territoire') },
      { indicators: offered, samples: new PartSamples(offers, 'offre') }
    ],
    when: whenOf(context, window)
  };
}

function indicatorsOf(tests: Candidate[]): Indicator[] {
  return [...new Set(tests.map(({ indicator }) => indicator))];
}
